CREATE TABLE notes (

) WITH (autovacuum_enabled = false);
INSERT INTO notes DEFAULT VALUES;
ALTER TABLE notes OWNER TO case_reader;
