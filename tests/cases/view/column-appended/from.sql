CREATE TABLE public.item (id integer, name text, n integer);
CREATE VIEW public.v AS SELECT id, name FROM public.item;
