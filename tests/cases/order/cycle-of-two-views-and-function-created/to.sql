CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id, 'x'::varchar(9) AS s, 0 AS n FROM public.item;
CREATE FUNCTION public.f() RETURNS SETOF public.v LANGUAGE plpgsql AS 'BEGIN RETURN; END';
CREATE VIEW public.w AS SELECT * FROM public.f();
CREATE OR REPLACE VIEW public.v AS SELECT id, 'y'::varchar(9) AS s, (SELECT max(w.n) FROM public.w) AS n FROM public.item;
CREATE VIEW public.z AS SELECT * FROM public.v;
COMMENT ON VIEW public.v IS 'v';
GRANT SELECT ON public.v TO case_reader;
