CREATE TYPE addr AS (street text, zip int);
CREATE TABLE t (id int, adr addr, adrs addr[]) PARTITION BY RANGE (id);
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (10);
CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (100) PARTITION BY LIST (id);
CREATE TABLE t2a PARTITION OF t2 FOR VALUES IN (10, 11);
CREATE TABLE parent (adr addr);
CREATE TABLE child (more int) INHERITS (parent);
INSERT INTO t VALUES (1, ROW('s', 1), ARRAY[ROW('a', 2), ROW('b', 3)]::addr[]), (11, ROW('x', 5), NULL);
INSERT INTO child VALUES (ROW('c', 7), 1);
