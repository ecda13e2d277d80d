-- Only where pg_foreign_table holds something.
SELECT c.oid, c.relnamespace AS schema, c.relname AS name, s.srvname AS server, f.ftoptions AS options
FROM pg_class c
JOIN pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relkind = 'f' AND c.oid >= 16384
