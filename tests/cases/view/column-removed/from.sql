CREATE TABLE public.item (id integer, name text);
CREATE VIEW public.v AS SELECT id, name FROM public.item;
