CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id, 1 AS n FROM public.item;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT count(*)::integer FROM public.v);
