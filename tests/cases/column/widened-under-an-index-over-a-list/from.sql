CREATE TABLE t (id int, a varchar(20)); CREATE INDEX ix ON t (id) WHERE a IN ('v1','v2'); CREATE UNIQUE INDEX ux ON t ((a IN ('x', 'y')), id);
