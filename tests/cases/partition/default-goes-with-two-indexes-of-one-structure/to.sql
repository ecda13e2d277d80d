CREATE TABLE t (a integer, b boolean) PARTITION BY RANGE (a);
CREATE INDEX i1 ON t (a, b);
CREATE INDEX i2 ON t (a, b);
