CREATE FUNCTION public.add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE public.total(integer) (SFUNC = public.add, STYPE = integer, INITCOND = '0');
CREATE VIEW public.v AS SELECT public.total(x) AS t FROM generate_series(1, 3) AS x;
