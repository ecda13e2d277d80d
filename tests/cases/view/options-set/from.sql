CREATE TABLE public.item (id integer, live boolean);
CREATE VIEW public.v AS SELECT id, live FROM public.item WHERE live;
