SELECT p.oid, p.pronamespace AS schema, p.proname AS name, oidvectortypes(p.proargtypes) AS signature,
       pg_get_function_arguments(p.oid) AS arguments,
       l.lanname AS language, p.prosecdef AS security_definer, p.proconfig AS config,
       ARRAY(SELECT format_type(t, NULL) FROM unnest(p.protrftypes) WITH ORDINALITY u(t, n) ORDER BY n) AS transforms,
       json_build_object(
           'body', CASE WHEN l.lanname NOT IN ('internal', 'c'){14:  AND p.prosqlbody IS NULL | } THEN p.prosrc END,
           'symbol', CASE WHEN l.lanname IN ('internal', 'c') THEN p.prosrc END,
           'object_file', p.probin,
           'sql', {14: pg_get_function_sqlbody(p.oid) | NULL}) AS code
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang
WHERE p.prokind = 'p' AND p.oid >= 16384
