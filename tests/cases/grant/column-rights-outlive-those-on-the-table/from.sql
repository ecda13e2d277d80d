CREATE TABLE t (a integer, b integer, c integer);
GRANT SELECT, INSERT, UPDATE ON t TO case_writer;
GRANT SELECT (a), INSERT (a, b) ON t TO case_writer;
GRANT REFERENCES ON t TO case_reader WITH GRANT OPTION;
GRANT REFERENCES (a) ON t TO case_reader WITH GRANT OPTION;
CREATE VIEW v AS SELECT a, b FROM t;
GRANT SELECT ON v TO case_reader;
GRANT SELECT (b) ON v TO case_reader;
INSERT INTO t VALUES (1, 2, 3);
