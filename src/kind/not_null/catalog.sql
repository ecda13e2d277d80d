SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       a.attname AS "column", k.connoinherit AS no_inherit, NOT k.convalidated AS not_valid,
       NOT k.conislocal AS inherited
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'n' AND k.conrelid >= 16384 AND c.relkind IN ('r', 'p', 'f')
  AND (k.connoinherit OR NOT k.convalidated
       OR (k.conislocal AND k.conname <> c.relname || '_' || a.attname || '_not_null'))
