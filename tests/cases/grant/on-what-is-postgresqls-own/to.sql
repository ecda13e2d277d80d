GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO case_reader WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text, boolean, boolean) TO case_reader;
REVOKE EXECUTE ON FUNCTION pg_catalog.count() FROM PUBLIC;
REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC;
GRANT SELECT (oid) ON pg_catalog.pg_class TO case_reader;
GRANT SELECT ON pg_catalog.pg_authid TO case_reader;
REVOKE USAGE ON TYPE pg_catalog."char" FROM PUBLIC;
GRANT CREATE ON SCHEMA pg_catalog TO case_writer;
