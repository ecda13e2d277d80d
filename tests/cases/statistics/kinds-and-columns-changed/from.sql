CREATE TABLE public.item (a integer, b integer, c text);
CREATE STATISTICS public.s (ndistinct) ON a, b FROM public.item;
