CREATE TABLE public.item (id integer, body text);
CREATE MATERIALIZED VIEW public.m AS SELECT id, body FROM public.item;
CREATE INDEX m_id ON public.m (id);
ALTER MATERIALIZED VIEW public.m CLUSTER ON m_id;
ALTER MATERIALIZED VIEW public.m ALTER body SET STORAGE EXTERNAL, ALTER id SET STATISTICS 7;
CREATE STATISTICS public.ms ON id, body FROM public.m;
