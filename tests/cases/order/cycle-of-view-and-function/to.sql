CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id, 0 AS n FROM public.item;
CREATE FUNCTION public.f() RETURNS SETOF public.v LANGUAGE plpgsql AS 'BEGIN RETURN; END';
CREATE OR REPLACE VIEW public.v AS SELECT id, (SELECT count(*)::integer FROM public.f()) AS n FROM public.item;
