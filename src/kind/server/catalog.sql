SELECT s.oid, s.srvname AS name, w.fdwname AS wrapper, s.srvtype AS server_type, s.srvversion AS version, {options of s.srvoptions} AS options,
       -- A value that looks like a secret does not leave the server.
       {secrets of s.srvoptions} AS secrets
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
WHERE s.oid >= 16384
