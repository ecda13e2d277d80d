CREATE TABLE a_old (id int, y int);
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ begin return v + (select count(y) from public.a_old); end $$;
CREATE TABLE m (a bigint);
CREATE INDEX m_i ON m (f(a::int));
CREATE MATERIALIZED VIEW mv AS SELECT f(a::int) AS r, 1 AS one FROM m;
