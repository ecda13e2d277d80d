CREATE TABLE a_old (id int, x int);
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ begin return v + (select count(x) from public.a_old); end $$;
CREATE TABLE m (a int);
CREATE INDEX m_i ON m (f(a));
CREATE MATERIALIZED VIEW mv AS SELECT f(a) AS r FROM m;
INSERT INTO a_old VALUES (1, 1);
INSERT INTO m VALUES (1);
