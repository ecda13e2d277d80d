CREATE TABLE public.item (id integer, live boolean);
CREATE VIEW public.v AS SELECT id FROM public.item WHERE live;
CREATE VIEW public.w AS SELECT id FROM public.v;
