CREATE TABLE public.item (n integer);
CREATE FUNCTION public.plus1(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2 + 1';
CREATE FUNCTION public.plus2(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2 + 2';
CREATE OPERATOR public.+# (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.plus2);
CREATE VIEW public.v AS SELECT n OPERATOR(public.+#) 1 AS x FROM public.item;
CREATE INDEX i ON public.item ((n OPERATOR(public.+#) 1));
