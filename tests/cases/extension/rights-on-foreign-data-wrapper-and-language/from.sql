CREATE EXTENSION postgres_fdw;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw TO case_writer;
CREATE EXTENSION file_fdw;
GRANT USAGE ON LANGUAGE plpgsql TO case_writer;
