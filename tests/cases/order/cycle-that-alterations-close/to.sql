CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id FROM public.item;
CREATE FUNCTION public.f(n integer) RETURNS integer LANGUAGE sql STABLE RETURN (SELECT count(*)::integer FROM public.v WHERE id = n);
CREATE OR REPLACE VIEW public.v AS SELECT id, public.f(id) AS n FROM public.item;
CREATE VIEW public.u AS SELECT public.f(1) AS x;
