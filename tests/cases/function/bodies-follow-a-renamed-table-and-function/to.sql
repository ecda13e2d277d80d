CREATE TABLE a_new (id int, x int);
CREATE FUNCTION g_new() RETURNS int LANGUAGE sql AS $$ select count(*)::int from public.a_new $$;
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + public.g_new(); end $$;
CREATE TABLE m (a int CHECK (f(a) > 0), b int, c int DEFAULT f(3), CHECK (f(c) > 1));
