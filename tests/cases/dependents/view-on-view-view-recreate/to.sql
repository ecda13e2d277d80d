CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE VIEW public.over AS SELECT id, label FROM public.live;
COMMENT ON VIEW public.over IS 'kept';
GRANT SELECT (id) ON public.over TO case_reader;
