SELECT p.oid, p.pronamespace AS schema, p.proname AS name, oidvectortypes(p.proargtypes) AS signature,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS returns,
       l.lanname AS language,
       CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END AS volatility,
       p.proisstrict AS strict, p.prosecdef AS security_definer, p.proleakproof AS leakproof,
       CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel,
       p.prokind = 'w' AS "window",
       CASE WHEN p.procost <> CASE WHEN l.lanname IN ('internal', 'c') THEN 1 ELSE 100 END THEN p.procost::text END AS cost,
       CASE WHEN p.prorows <> CASE WHEN p.proretset THEN 1000 ELSE 0 END THEN p.prorows::text END AS rows,
       (SELECT json_build_object('schema', n.nspname, 'name', s.proname)
        FROM pg_proc s JOIN pg_namespace n ON n.oid = s.pronamespace WHERE s.oid = p.prosupport) AS support,
       p.proconfig AS config,
       ARRAY(SELECT format_type(t, NULL) FROM unnest(p.protrftypes) WITH ORDINALITY u(t, n) ORDER BY n) AS transforms,
       json_build_object(
           'body', CASE WHEN l.lanname NOT IN ('internal', 'c'){14:  AND p.prosqlbody IS NULL | } THEN p.prosrc END,
           'symbol', CASE WHEN l.lanname IN ('internal', 'c') THEN p.prosrc END,
           'object_file', p.probin,
           'sql', {14: pg_get_function_sqlbody(p.oid) | NULL}) AS code
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind IN ('f', 'w') AND p.oid >= 16384
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
