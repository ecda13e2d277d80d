SELECT t.oid, t.typnamespace AS schema, t.typname AS name,
       format_type(t.typbasetype, t.typtypmod) AS data_type,
       CASE WHEN t.typcollation <> b.typcollation THEN
           (SELECT json_build_object('schema', n.nspname, 'name', c.collname)
            FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = t.typcollation) END AS collation,
       t.typnotnull AS not_null,
       -- A default without an expression is that of the base type, which every domain over it takes.
       pg_get_expr(t.typdefaultbin, 0) AS "default"
FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.oid >= 16384
