CREATE TABLE public.item (id integer, a integer);
CREATE VIEW public.v AS SELECT a FROM public.item;
