CREATE TABLE public.item (a integer, b integer, c text);
CREATE STATISTICS public.s (ndistinct, dependencies) ON a, b, c FROM public.item;
