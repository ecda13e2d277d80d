SELECT t.oid, t.tmplnamespace AS schema, t.tmplname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tmplinit) AS init,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = t.tmpllexize) AS lexize
FROM pg_ts_template t
WHERE t.oid >= 16384
