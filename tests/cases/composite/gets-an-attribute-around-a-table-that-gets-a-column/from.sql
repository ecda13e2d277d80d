CREATE TABLE t (id int PRIMARY KEY, x text);
CREATE TYPE wrap AS (t t, n int);
CREATE TYPE twice AS (w wrap, k int);
CREATE TABLE log (w wrap, k twice, ws wrap[]);
INSERT INTO t VALUES (1, 'x');
INSERT INTO log SELECT ROW(t, 1)::wrap, ROW(ROW(t, 2)::wrap, 3)::twice, ARRAY[ROW(t, 4)::wrap] FROM t;
