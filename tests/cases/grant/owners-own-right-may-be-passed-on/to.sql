CREATE TABLE notes (

) WITH (autovacuum_enabled = false);
INSERT INTO notes DEFAULT VALUES;
ALTER TABLE notes OWNER TO case_reader;
GRANT SELECT, INSERT, REFERENCES ON TABLE notes TO case_reader WITH GRANT OPTION;
