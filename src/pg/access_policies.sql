SELECT n.nspname::text AS schema_name, c.relname::text AS name, c.relforcerowsecurity AS forced,
       pg_catalog.pg_get_userbyid(c.relowner)::text AS owner,
       p.polname::text AS policy, p.polpermissive AS permissive,
       CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END AS command,
       coalesce(0 = ANY (p.polroles), false) AS for_all,
       ARRAY(SELECT pg_catalog.pg_get_userbyid(r)::text FROM unnest(p.polroles) r WHERE r <> 0) AS roles,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS sees,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS writes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
WHERE c.relrowsecurity AND c.relkind IN ('r', 'p')
ORDER BY 1, 2, 5
