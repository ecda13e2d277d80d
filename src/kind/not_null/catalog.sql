-- Only where not-null constraints are there.
-- What follows from the table and its parents is left out: a constraint under PostgreSQL's own name, and one that is the
-- parent's under the parent's name.
SELECT 'pg_class' AS parent_class, k.conrelid AS parent_oid, k.oid, k.conname AS name,
       a.attname AS "column", k.connoinherit AS no_inherit,
       -- Whether rows were looked at is said of the parent's: a child's copy says what was there when it was made.
       NOT k.convalidated AND (k.conislocal OR c.relispartition) AS not_valid,
       -- What a partition brought with it under another name is its own, whatever the catalog says of it now; so is what
       -- was looked at where the parent's was not.
       CASE WHEN c.relispartition AND p.conname IS NOT NULL
           THEN p.conname = k.conname AND p.convalidated = k.convalidated
           ELSE NOT k.conislocal AND NOT (k.convalidated AND p.convalidated IS FALSE)
       END AS inherited
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
LEFT JOIN LATERAL (
    SELECT p.conname, p.convalidated
    FROM pg_inherits i
    JOIN pg_constraint p ON p.conrelid = i.inhparent AND p.contype = 'n' AND NOT p.connoinherit
    JOIN pg_attribute pa ON pa.attrelid = p.conrelid AND pa.attnum = p.conkey[1] AND pa.attname = a.attname
    WHERE i.inhrelid = k.conrelid
    ORDER BY i.inhseqno LIMIT 1
) p ON true
WHERE k.contype = 'n' AND k.conrelid >= 16384 AND c.relkind IN ('r', 'p', 'f')
  AND CASE WHEN k.connoinherit THEN true
           WHEN c.relispartition AND p.conname IS NOT NULL
               THEN p.conname <> k.conname OR p.convalidated <> k.convalidated
           WHEN NOT k.conislocal THEN p.conname IS DISTINCT FROM k.conname OR k.convalidated AND NOT p.convalidated
           ELSE k.coninhcount > 0 OR NOT k.convalidated OR k.conname <> c.relname || '_' || a.attname || '_not_null'
      END
   OR k.contype = 'n' AND k.conrelid >= 16384 AND c.relkind IN ('r', 'p', 'f')
      AND EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid)
