CREATE TABLE public.item (id integer);
CREATE MATERIALIZED VIEW public.m AS SELECT id FROM public.item WITH NO DATA;
