CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE MATERIALIZED VIEW public.m AS SELECT id, label FROM public.live;
CREATE UNIQUE INDEX m_id ON public.m (id);
GRANT SELECT ON public.m TO case_reader;
