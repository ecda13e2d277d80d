CREATE TABLE public.item (id integer);
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT count(*)::integer FROM public.item);
CREATE VIEW public.v AS SELECT id, public.f() AS n FROM public.item;
