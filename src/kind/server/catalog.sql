SELECT s.oid, s.srvname AS name, w.fdwname AS wrapper, s.srvtype AS server_type, s.srvversion AS version, ARRAY(SELECT o FROM unnest(s.srvoptions) o WHERE split_part(o, '=', 1) !~* '{secret}') AS options,
       -- A value that looks like a secret does not leave the server.
       ARRAY(SELECT split_part(o, '=', 1) || '=' || upper(regexp_replace(
                 s.srvname || '_' || split_part(o, '=', 1), '[^A-Za-z0-9]+', '_', 'g'))
             FROM unnest(s.srvoptions) o WHERE split_part(o, '=', 1) ~* '{secret}') AS secrets
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= 16384
