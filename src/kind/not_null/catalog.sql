-- Only where not-null constraints are there.
SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       a.attname AS "column", k.connoinherit AS no_inherit,
       -- Whether rows were looked at is said of the parent's: a child's copy says what was there when it was made.
       NOT k.convalidated AND k.conislocal AS not_valid,
       -- What a partition brought with it under another name is its own, whatever the catalog says of it now.
       NOT k.conislocal AND NOT (c.relispartition AND o.own) AS inherited
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
CROSS JOIN LATERAL (
    SELECT NOT EXISTS (
        SELECT FROM pg_inherits i
        JOIN pg_constraint p ON p.conrelid = i.inhparent AND p.contype = 'n' AND p.conname = k.conname
        JOIN pg_attribute pa ON pa.attrelid = p.conrelid AND pa.attnum = p.conkey[1] AND pa.attname = a.attname
        WHERE i.inhrelid = k.conrelid) AS own
) o
WHERE k.contype = 'n' AND k.conrelid >= 16384 AND c.relkind IN ('r', 'p', 'f')
  AND (k.connoinherit OR NOT k.convalidated AND k.conislocal
       OR (k.conislocal AND k.conname <> c.relname || '_' || a.attname || '_not_null')
       OR (NOT k.conislocal AND c.relispartition AND o.own))
