CREATE TABLE a_old (id int, x int);
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$ select count(*)::int from public.a_old $$;
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + public.g(); end $$;
CREATE TABLE m (a int CHECK (f(a) > 0), b int);
INSERT INTO a_old VALUES (1, 1);
INSERT INTO m VALUES (1);
