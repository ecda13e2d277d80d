CREATE TABLE public.item (a integer, b integer, c text);
CREATE STATISTICS public.new_s (dependencies, mcv) ON a, c FROM public.item;
