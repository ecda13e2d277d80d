CREATE TABLE public.item (id integer);
CREATE VIEW public.old_v AS SELECT id FROM public.item;
CREATE VIEW public.w AS SELECT old_v.id FROM public.old_v;
