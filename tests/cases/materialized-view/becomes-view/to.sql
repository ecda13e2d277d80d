CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id FROM public.item;
