CREATE TABLE a_old (id int, x int);
CREATE FUNCTION f(v int) RETURNS int LANGUAGE plpgsql AS $$ begin return v + (select count(*) from public.a_old); end $$;
CREATE TABLE m (a int CHECK (f(a) > 0));
INSERT INTO a_old VALUES (1, 1);
INSERT INTO m VALUES (1);
