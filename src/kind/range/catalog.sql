-- Only where pg_range holds something.
SELECT t.oid, t.typnamespace AS schema, t.typname AS name,
       format_type(r.rngsubtype, NULL) AS subtype,
       CASE WHEN NOT oc.opcdefault THEN
           (SELECT json_build_object('schema', n.nspname, 'name', oc.opcname) FROM pg_namespace n WHERE n.oid = oc.opcnamespace)
           END AS opclass,
       CASE WHEN r.rngcollation <> s.typcollation THEN
           (SELECT json_build_object('schema', n.nspname, 'name', c.collname)
            FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = r.rngcollation) END AS collation,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = r.rngcanonical) AS canonical,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = r.rngsubdiff) AS subtype_diff,
       {14: (SELECT m.typname::text FROM pg_type m WHERE m.oid = r.rngmultitypid) | ''::text} AS multirange,
       {14: (SELECT n.nspname::text FROM pg_type m JOIN pg_namespace n ON n.oid = m.typnamespace
             WHERE m.oid = r.rngmultitypid AND m.typnamespace <> t.typnamespace) | NULL::text} AS multirange_schema
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass oc ON oc.oid = r.rngsubopc
WHERE t.oid >= 16384
