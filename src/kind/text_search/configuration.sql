SELECT c.oid, c.cfgnamespace AS schema, c.cfgname AS name,
       (SELECT json_build_object('schema', n.nspname, 'name', p.prsname)
        FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace WHERE p.oid = c.cfgparser) AS parser,
       (SELECT coalesce(json_agg(json_build_object('token', k.alias, 'dictionaries', k.dictionaries) ORDER BY k.tokid), '[]')
        FROM (SELECT t.tokid, t.alias, json_agg(json_build_object('schema', n.nspname, 'name', d.dictname) ORDER BY m.mapseqno) AS dictionaries
              FROM pg_ts_config_map m
              JOIN ts_token_type(c.cfgparser) t ON t.tokid = m.maptokentype
              JOIN pg_ts_dict d ON d.oid = m.mapdict
              JOIN pg_namespace n ON n.oid = d.dictnamespace
              WHERE m.mapcfg = c.oid GROUP BY t.tokid, t.alias) k) AS mappings
FROM pg_ts_config c
WHERE c.oid >= 16384
