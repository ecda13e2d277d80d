CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE, b integer);
CREATE TABLE c (k text REFERENCES t (a));
INSERT INTO t VALUES (1, 'from a', 2);
INSERT INTO c VALUES ('from a');
