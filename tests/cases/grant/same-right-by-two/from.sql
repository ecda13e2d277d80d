CREATE TABLE public.item (id integer, name text);
GRANT SELECT ON public.item TO case_writer WITH GRANT OPTION;
GRANT SELECT ON public.item TO case_reader;
GRANT UPDATE (name) ON public.item TO case_writer WITH GRANT OPTION;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION public.f() TO case_writer WITH GRANT OPTION;
