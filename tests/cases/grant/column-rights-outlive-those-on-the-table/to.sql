CREATE TABLE t (a integer, b integer, c integer);
GRANT UPDATE ON t TO case_writer;
GRANT SELECT (a), INSERT (a, b) ON t TO case_writer;
GRANT REFERENCES ON t TO case_reader;
GRANT REFERENCES (a) ON t TO case_reader WITH GRANT OPTION;
CREATE VIEW v AS SELECT a, b FROM t;
GRANT SELECT (b) ON v TO case_reader;
