SELECT e.oid, e.extname AS name, n.nspname AS schema_name, e.extversion AS version,
       -- The server reads the control files of all extensions to answer: not for those that every database has.
       CASE WHEN e.oid < 16384 THEN true ELSE EXISTS (
               SELECT FROM pg_available_extension_versions v
               WHERE v.name = e.extname AND v.version = e.extversion AND v.schema IS NOT NULL) END AS fixed
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
