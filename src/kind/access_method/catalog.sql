SELECT a.oid, a.amname AS name, CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END AS method_type,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.amhandler) AS handler
FROM pg_am a
WHERE a.oid >= 16384
