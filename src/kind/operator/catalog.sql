SELECT x.oid, x.oprnamespace AS schema, x.oprname AS name,
       CASE WHEN x.oprleft = 0 THEN 'NONE' ELSE format_type(x.oprleft, NULL) END || ', '
           || CASE WHEN x.oprright = 0 THEN 'NONE' ELSE format_type(x.oprright, NULL) END AS signature,
       CASE WHEN x.oprleft <> 0 THEN format_type(x.oprleft, NULL) END AS "left",
       CASE WHEN x.oprright <> 0 THEN format_type(x.oprright, NULL) END AS "right",
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = x.oprcode) AS function,
       (SELECT json_build_object('schema', n.nspname, 'name', o.oprname)
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = x.oprcom) AS commutator,
       (SELECT json_build_object('schema', n.nspname, 'name', o.oprname)
        FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = x.oprnegate) AS negator,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = x.oprrest) AS restrict,
       (SELECT json_build_object('schema', n.nspname, 'name', p.proname)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = x.oprjoin) AS "join",
       x.oprcanhash AS hashes, x.oprcanmerge AS merges,
       ARRAY(SELECT CASE o.oid WHEN x.oprcom THEN 'commutator' ELSE 'negator' END
             FROM pg_operator o WHERE o.oid IN (x.oprcom, x.oprnegate) AND o.oprcode = 0 ORDER BY 1) AS announced
FROM pg_operator x
WHERE x.oid >= 16384 AND x.oprcode <> 0
