CREATE TABLE public.item (id integer);
CREATE VIEW public.a AS SELECT id FROM public.item;
CREATE VIEW public.b AS SELECT id FROM public.a;
