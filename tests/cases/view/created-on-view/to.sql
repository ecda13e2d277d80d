CREATE TABLE public.item (id integer, name text);
CREATE VIEW public.z AS SELECT id FROM public.item;
CREATE VIEW public.a AS SELECT id + 1 AS next FROM public.z;
