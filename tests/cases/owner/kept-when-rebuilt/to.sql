CREATE TABLE public.t (id bigint);
CREATE VIEW public.v AS SELECT id FROM public.t;
CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
ALTER VIEW public.v OWNER TO case_owner;
GRANT SELECT ON public.v TO case_reader WITH GRANT OPTION;
ALTER FUNCTION public.f() OWNER TO case_owner;
REVOKE EXECUTE ON FUNCTION public.f() FROM PUBLIC;
