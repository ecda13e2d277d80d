CREATE TABLE public.item (id integer);
CREATE VIEW public.v AS SELECT id::text AS id FROM public.item;
