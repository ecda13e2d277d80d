CREATE TABLE public.item (id integer, n integer);
CREATE VIEW public.e AS SELECT id FROM public.item;
CREATE VIEW public.d AS SELECT id FROM public.e;
CREATE VIEW public.c AS SELECT d.id FROM public.d JOIN public.e USING (id);
CREATE VIEW public.b AS SELECT c.id FROM public.c JOIN public.e USING (id);
CREATE VIEW public.a AS SELECT b.id FROM public.b JOIN public.c USING (id);
GRANT SELECT ON public.a, public.b TO case_reader;
