CREATE TABLE public.item (n integer);
CREATE FUNCTION public.c1(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 < $2 THEN 1 WHEN $1 > $2 THEN -1 ELSE 0 END';
CREATE FUNCTION public.c2(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT -btint4cmp($1, $2)';
CREATE OPERATOR CLASS public.back_ops FOR TYPE integer USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 public.c1(integer, integer);
CREATE INDEX i ON public.item (n public.back_ops);
INSERT INTO public.item VALUES (1), (2);
