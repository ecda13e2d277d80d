CREATE TABLE public.item (id integer, name text);
CREATE VIEW public.a AS SELECT id FROM public.item;
CREATE VIEW public.z AS SELECT id FROM public.a;
CREATE VIEW public.m AS SELECT a.id FROM public.a JOIN public.z USING (id);
