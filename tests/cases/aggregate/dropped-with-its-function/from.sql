CREATE FUNCTION public.add(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE AGGREGATE public.total(integer) (SFUNC = public.add, STYPE = integer);
GRANT EXECUTE ON FUNCTION public.total(integer) TO case_reader;
