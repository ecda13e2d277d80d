CREATE TABLE public.item (n integer);
CREATE FUNCTION public.backwards(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1 < $2 THEN 1 WHEN $1 > $2 THEN -1 ELSE 0 END';
CREATE OPERATOR CLASS public.back_ops FOR TYPE integer USING btree AS OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 public.backwards(integer, integer);
COMMENT ON OPERATOR CLASS public.back_ops USING btree IS 'backwards';
CREATE INDEX i ON public.item (n public.back_ops);
