CREATE TABLE t (id integer PRIMARY KEY, a boolean DEFAULT false, b integer DEFAULT 1, c text);
INSERT INTO t VALUES (1, NULL, NULL, NULL), (2, true, 2, 'x');
