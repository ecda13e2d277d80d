-- What pg_dump would dump and the model does not hold: kind, and the path where there is one.
-- What a person made in PostgreSQL's own schemas.
SELECT o.kind::text AS kind, (n.nspname || '.' || o.name)::text AS name
FROM (
    SELECT 'pg_class'::regclass::oid AS classid, oid, relnamespace AS namespace, relname::text AS name,
           CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' WHEN 'f' THEN 'foreign-table'
                        WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind
    FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace, proname,
                     CASE prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END
    FROM pg_proc
    UNION ALL SELECT 'pg_type'::regclass, t.oid, t.typnamespace, t.typname,
                     CASE t.typtype WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum' WHEN 'c' THEN 'composite'
                                    WHEN 'r' THEN 'range' ELSE 'base-type' END
    FROM pg_type t
    WHERE t.typrelid = 0 AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
) o
JOIN pg_namespace n ON n.oid = o.namespace
WHERE o.oid >= 16384 AND n.nspname IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.deptype IN ('e', 'i'))
ORDER BY 1, 2
