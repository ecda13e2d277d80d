CREATE TABLE t (id integer PRIMARY KEY, n integer, v integer GENERATED ALWAYS AS (n * 3) VIRTUAL CHECK (v > 0), CHECK (n > 0));
