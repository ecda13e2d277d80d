CREATE TABLE public.item (id integer, n integer);
CREATE MATERIALIZED VIEW public.m AS SELECT id, n FROM public.item;
CREATE UNIQUE INDEX m_id ON public.m (id);
COMMENT ON MATERIALIZED VIEW public.m IS 'copy';
