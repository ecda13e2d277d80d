CREATE FUNCTION public.f(a integer, b text) RETURNS integer LANGUAGE sql AS 'SELECT 1';
COMMENT ON FUNCTION public.f(integer, text) IS 'f';
REVOKE ALL ON FUNCTION public.f(integer, text) FROM PUBLIC;
ALTER FUNCTION public.f(integer, text) OWNER TO case_owner;
