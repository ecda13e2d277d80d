CREATE TABLE a_new (id int, x int);
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + (select count(*) from public.a_new); end $$;
CREATE TABLE m (a bigint CHECK (f(a::int) > 0));
