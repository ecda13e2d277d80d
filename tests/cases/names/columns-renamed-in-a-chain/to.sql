CREATE TABLE t (id integer PRIMARY KEY, b text UNIQUE, z text);
INSERT INTO t VALUES (1, 'from a', 'from b');
