CREATE TABLE public.item (id integer);
CREATE MATERIALIZED VIEW public.v AS SELECT id FROM public.item;
