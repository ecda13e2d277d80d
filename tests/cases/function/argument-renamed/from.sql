CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
GRANT EXECUTE ON FUNCTION public.f(integer) TO case_reader;
COMMENT ON FUNCTION public.f(integer) IS 'kept';
