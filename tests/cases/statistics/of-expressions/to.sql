CREATE TABLE public.item (a integer, at timestamp);
CREATE STATISTICS public.s (mcv) ON (a % 10), (date_trunc('day', at)) FROM public.item;
