-- The view can't be filled again: the function reads with the rights of a role that has none.
CREATE TABLE t (a int);
INSERT INTO t VALUES (1), (2);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM t; END;
CREATE MATERIALIZED VIEW m AS SELECT a, f() AS n FROM t;
ALTER FUNCTION f() OWNER TO case_owner;
GRANT SELECT, UPDATE ON t TO case_reader;
