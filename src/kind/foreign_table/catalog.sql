-- Only where pg_foreign_table holds something.
SELECT c.oid, c.relnamespace AS schema, c.relname AS name, s.srvname AS server,
       ARRAY(SELECT o FROM unnest(f.ftoptions) o WHERE split_part(o, '=', 1) !~* '{secret}') AS options,
       -- A value that looks like a secret does not leave the server.
       ARRAY(SELECT split_part(o, '=', 1) || '=' || upper(regexp_replace(
                 c.relname || '_' || split_part(o, '=', 1), '[^A-Za-z0-9]+', '_', 'g'))
             FROM unnest(f.ftoptions) o WHERE split_part(o, '=', 1) ~* '{secret}') AS secrets
FROM pg_class c
JOIN pg_foreign_table f ON f.ftrelid = c.oid
JOIN pg_foreign_server s ON s.oid = f.ftserver
WHERE c.relkind = 'f' AND c.oid >= 16384
