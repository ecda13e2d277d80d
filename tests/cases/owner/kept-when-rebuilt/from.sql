CREATE TABLE public.t (id integer);
CREATE VIEW public.v AS SELECT id FROM public.t;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER VIEW public.v OWNER TO case_owner;
GRANT SELECT ON public.v TO case_reader WITH GRANT OPTION;
ALTER FUNCTION public.f() OWNER TO case_owner;
REVOKE EXECUTE ON FUNCTION public.f() FROM PUBLIC;
