CREATE SCHEMA a AUTHORIZATION case_writer; CREATE TABLE a.t (i int); ALTER TABLE a.t OWNER TO case_owner; GRANT USAGE ON SCHEMA a TO case_owner;
SET ROLE case_owner; GRANT SELECT ON a.t TO case_writer WITH GRANT OPTION; SET ROLE case_writer; GRANT SELECT ON a.t TO case_reader; RESET ROLE;
