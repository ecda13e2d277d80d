CREATE TABLE t (id integer PRIMARY KEY, a text UNIQUE, b text);
INSERT INTO t VALUES (1, 'from a', 'from b');
