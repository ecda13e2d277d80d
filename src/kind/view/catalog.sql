SELECT c.oid, c.relnamespace AS schema, c.relname AS name,
       rtrim(pg_get_viewdef(c.oid), ';') AS query,
       (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'data_type', format_type(a.atttypid, a.atttypmod),
                   'collation', CASE WHEN a.attcollation <> t.typcollation THEN format('%I.%I', cn.nspname, co.collname) ELSE '' END) ORDER BY a.attnum), '[]')
        FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_collation co ON co.oid = a.attcollation
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
       c.reloptions AS "with"
FROM pg_class c
WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND c.oid >= 16384
