CREATE TABLE t (id int PRIMARY KEY, x text, y int NOT NULL DEFAULT 7);
CREATE TYPE wrap AS (t t, n int, m text);
CREATE TYPE twice AS (w wrap, k int);
CREATE TABLE log (w wrap, k twice, ws wrap[]);
