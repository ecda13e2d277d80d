CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE, b text);
CREATE TABLE c (k text REFERENCES t (a));
INSERT INTO t VALUES (1, 'from a', 'from b');
INSERT INTO c VALUES ('from a');
