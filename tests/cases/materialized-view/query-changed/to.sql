CREATE TABLE public.item (id integer, n integer);
INSERT INTO public.item VALUES (1, 2);
CREATE MATERIALIZED VIEW public.m AS SELECT id, n FROM public.item WHERE n > 0;
CREATE UNIQUE INDEX m_id ON public.m (id);
GRANT SELECT ON public.m TO case_reader;
