-- What pg_dump would dump and the model does not hold: kind, and the path where there is one.
-- What a person made in PostgreSQL's own schemas.
SELECT CASE o.classid WHEN 'pg_class'::regclass THEN 'relation' WHEN 'pg_proc'::regclass THEN 'function' ELSE 'type' END::text AS kind,
       (n.nspname || '.' || o.name)::text AS name
FROM (
    SELECT 'pg_class'::regclass::oid AS classid, oid, relnamespace AS namespace, relname::text AS name FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proname FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typnamespace, t.typname FROM pg_type t
    WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
) o
JOIN pg_namespace n ON n.oid = o.namespace
WHERE o.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype IN ('e', 'i'))
-- Settings of one role in this database alone.
UNION ALL
SELECT 'role-setting in a database', pg_get_userbyid(s.setrole)::text
FROM pg_db_role_setting s
WHERE s.setrole <> 0 AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY 1, 2
