-- Only where pg_foreign_server holds something.
-- A value that looks like a secret does not leave the server.
SELECT 'pg_foreign_server' AS parent_class, m.srvid AS parent_oid, m.umid AS oid,
       CASE WHEN m.umuser = 0 THEN 'public' ELSE m.usename END AS name,
       {options of m.umoptions} AS options,
       {secrets of m.umoptions} AS secrets,
       -- As the view decides whom it shows them: silence of it can mean that there are none.
       NOT (m.umuser <> 0 AND m.usename = current_user AND (pg_has_role(s.srvowner, 'USAGE') OR has_server_privilege(s.oid, 'USAGE'))
            OR m.umuser = 0 AND pg_has_role(s.srvowner, 'USAGE')
            OR (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user)) AS hidden
FROM pg_user_mappings m
JOIN pg_foreign_server s ON s.oid = m.srvid
WHERE m.umid >= 16384
