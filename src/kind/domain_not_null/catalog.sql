-- What PostgreSQL gives by itself (from 17) is left out: then NOT NULL is a word of the domain.
SELECT 'pg_type' AS parent_class, k.contypid AS parent_oid, k.oid, k.conname AS name
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid
WHERE k.contype = 'n' AND k.contypid >= 16384
  AND (k.conname <> t.typname || '_not_null'
       OR EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid))
