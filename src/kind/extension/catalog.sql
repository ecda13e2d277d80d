SELECT e.oid, e.extname AS name, n.nspname AS schema_name, e.extversion AS version,
       EXISTS (SELECT FROM pg_available_extension_versions v
               WHERE v.name = e.extname AND v.version = e.extversion AND v.schema IS NOT NULL) AS fixed
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
