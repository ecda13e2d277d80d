CREATE TABLE public.item (id integer, n integer);
CREATE VIEW public.v AS SELECT id FROM public.item;
CREATE MATERIALIZED VIEW public.m AS SELECT id FROM public.v;
CREATE INDEX m_id ON public.m (id);
ALTER VIEW public.v OWNER TO case_reader;
