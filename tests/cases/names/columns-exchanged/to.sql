CREATE TABLE t (id integer PRIMARY KEY, a integer, b text UNIQUE);
CREATE TABLE c (k text REFERENCES t (b));
INSERT INTO t VALUES (1, 2, 'from a');
INSERT INTO c VALUES ('from a');
