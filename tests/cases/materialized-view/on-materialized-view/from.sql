CREATE TABLE public.item (id integer, n integer);
CREATE MATERIALIZED VIEW public.a AS SELECT id FROM public.item;
CREATE MATERIALIZED VIEW public.b AS SELECT id FROM public.a;
CREATE INDEX b_id ON public.b (id);
CREATE VIEW public.c AS SELECT id FROM public.b;
