-- Only where pg_foreign_table holds something.
SELECT c.oid, c.relnamespace AS schema, c.relname AS name, s.srvname AS server,
       {options of f.ftoptions} AS options,
       -- A value that looks like a secret does not leave the server.
       {secrets of f.ftoptions} AS secrets
FROM pg_class c
JOIN pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relkind = 'f' AND c.oid >= 16384
