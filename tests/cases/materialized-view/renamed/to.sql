CREATE TABLE public.item (id integer);
CREATE MATERIALIZED VIEW public.n AS SELECT id FROM public.item;
