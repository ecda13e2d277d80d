-- Only where pg_aggregate holds something.
SELECT f.oid, f.pronamespace AS schema, f.proname AS name, oidvectortypes(f.proargtypes) AS signature,
       pg_get_function_arguments(f.oid) AS arguments,
       a.aggkind = 'h' AS hypothetical,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggtransfn) AS sfunc,
       format_type(a.aggtranstype, NULL) AS stype, a.aggtransspace AS sspace, a.agginitval AS initcond,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggfinalfn) AS finalfunc,
       a.aggfinalextra AS finalfunc_extra,
       CASE WHEN a.aggfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN
           CASE a.aggfinalmodify WHEN 'r' THEN 'read-only' WHEN 's' THEN 'shareable' ELSE 'read-write' END END AS finalfunc_modify,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggcombinefn) AS combinefunc,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggserialfn) AS serialfunc,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggdeserialfn) AS deserialfunc,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggmtransfn) AS msfunc,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggminvtransfn) AS minvfunc,
       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS mstype, a.aggmtransspace AS msspace,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = a.aggmfinalfn) AS mfinalfunc,
       a.aggmfinalextra AS mfinalfunc_extra,
       CASE WHEN a.aggmtransfn <> 0 AND a.aggmfinalmodify <> CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END THEN
           CASE a.aggmfinalmodify WHEN 'r' THEN 'read-only' WHEN 's' THEN 'shareable' ELSE 'read-write' END END AS mfinalfunc_modify,
       a.aggminitval AS minitcond,
       (SELECT json_build_object('schema', n.nspname, 'name', o.oprname)
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = a.aggsortop) AS sortop,
       CASE f.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END AS parallel
FROM pg_aggregate a JOIN pg_proc f ON f.oid = a.aggfnoid
WHERE f.oid >= 16384
