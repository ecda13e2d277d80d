GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO case_writer;
GRANT SELECT (relname, oid) ON pg_catalog.pg_class TO case_reader;
REVOKE USAGE ON LANGUAGE sql FROM PUBLIC;
