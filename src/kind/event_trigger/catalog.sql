SELECT e.oid, e.evtname AS name, e.evtevent AS event,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = e.evtfoid) AS function,
       CASE e.evtenabled WHEN 'O' THEN 'origin' WHEN 'A' THEN 'always' WHEN 'R' THEN 'replica' ELSE 'disabled' END AS enabled,
       e.evttags AS tags
FROM pg_event_trigger e
WHERE e.oid >= 16384
