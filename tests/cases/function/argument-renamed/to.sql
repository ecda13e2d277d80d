CREATE FUNCTION public.f(b integer) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN b; END';
GRANT EXECUTE ON FUNCTION public.f(integer) TO case_reader;
COMMENT ON FUNCTION public.f(integer) IS 'kept';
