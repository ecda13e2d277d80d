CREATE TABLE public.item (id integer);
CREATE VIEW public.new_v AS SELECT id FROM public.item;
CREATE VIEW public.w AS SELECT old_v.id FROM public.new_v old_v;
