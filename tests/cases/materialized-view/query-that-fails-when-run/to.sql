CREATE TABLE public.item (id integer, n integer);
CREATE MATERIALIZED VIEW public.m AS SELECT 1 / 0 AS x, id FROM public.item WITH NO DATA;
CREATE INDEX m_id ON public.m (id);
