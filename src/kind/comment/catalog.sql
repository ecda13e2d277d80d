SELECT d.classoid AS parent_classid, d.objoid AS parent_oid, d.objsubid AS parent_sub, 0::oid AS oid, d.description AS text
FROM pg_description d
WHERE d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace
                            AND d.description <> 'standard public schema')
UNION ALL
SELECT 'pg_namespace'::regclass, n.oid, 0, 0::oid, ''
FROM pg_namespace n
WHERE n.nspname = 'public'
  AND NOT EXISTS (SELECT FROM pg_description d WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid)
