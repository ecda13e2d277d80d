CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id FROM public.item;
CREATE MATERIALIZED VIEW public.m AS SELECT id FROM public.v;
ALTER VIEW public.v OWNER TO case_reader;
