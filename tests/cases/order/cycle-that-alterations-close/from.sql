CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id FROM public.item;
CREATE FUNCTION public.f(n integer) RETURNS integer LANGUAGE sql STABLE RETURN n;
CREATE VIEW public.u AS SELECT public.f(1) AS x;
