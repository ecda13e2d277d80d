CREATE TABLE t (id integer PRIMARY KEY, n integer, v integer GENERATED ALWAYS AS (n * 2) VIRTUAL CHECK (v > 0), CHECK (n > 0));
INSERT INTO t VALUES (1, 1), (2, 2);
