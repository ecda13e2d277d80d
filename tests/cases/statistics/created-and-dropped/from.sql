CREATE TABLE public.item (a integer, b integer, c text);
CREATE STATISTICS public.old_s ON a, b FROM public.item;
