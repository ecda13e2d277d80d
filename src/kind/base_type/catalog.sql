SELECT t.oid, t.typnamespace AS schema, t.typname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typinput) AS input,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typoutput) AS output,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typreceive) AS receive,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typsend) AS send,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typmodin) AS typmod_in,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typmodout) AS typmod_out,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typanalyze) AS analyze,
       {14: (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.typsubscript) | NULL::json} AS subscript,
       t.typlen::int AS length, t.typbyval AS passed_by_value,
       CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END AS alignment,
       CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' WHEN 'x' THEN 'extended' ELSE 'plain' END AS storage,
       t.typcategory::text AS category, t.typispreferred AS preferred, t.typdelim::text AS delimiter,
       CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS element,
       t.typcollation <> 0 AS collatable, t.typdefault AS "default"
FROM pg_type t
WHERE t.typtype = 'b' AND t.typisdefined AND t.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
