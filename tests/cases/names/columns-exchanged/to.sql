CREATE TABLE t (id integer PRIMARY KEY, a text, b text UNIQUE);
CREATE TABLE c (k text REFERENCES t (b));
INSERT INTO t VALUES (1, 'from b', 'from a');
INSERT INTO c VALUES ('from a');
