SELECT d.classoid AS parent_classid, d.objoid AS parent_oid, d.objsubid AS parent_sub, 0::oid AS oid, d.description AS text
FROM pg_description d
WHERE d.objoid >= 16384 OR (d.classoid = 'pg_namespace'::regclass AND d.objoid = 'public'::regnamespace
                            AND d.description <> 'standard public schema')
