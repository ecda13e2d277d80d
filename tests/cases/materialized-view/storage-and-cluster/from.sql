CREATE TABLE public.item (id integer, body text);
CREATE MATERIALIZED VIEW public.m AS SELECT id, body FROM public.item;
CREATE INDEX m_id ON public.m (id);
ALTER MATERIALIZED VIEW public.m SET (fillfactor = 50);
