CREATE TABLE public.t (id integer, k text);
CREATE MATERIALIZED VIEW public.m AS SELECT id, k FROM public.t;
