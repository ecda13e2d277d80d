SELECT d.oid, d.dictnamespace AS schema, d.dictname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', t.tmplname)
        FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate) AS template,
       coalesce(d.dictinitoption, '') AS options
FROM pg_ts_dict d
WHERE d.oid >= 16384
