CREATE TABLE t (a integer, b boolean) PARTITION BY RANGE (a);
CREATE TABLE p PARTITION OF t DEFAULT;
INSERT INTO t VALUES (1, true), (2, false);
CREATE INDEX i1 ON t (a, b);
CREATE INDEX i2 ON t (a, b);
ALTER INDEX p_a_b_idx RENAME TO z;
COMMENT ON INDEX z IS 'of the first';
COMMENT ON INDEX p_a_b_idx1 IS 'of the second';
