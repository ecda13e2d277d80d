CREATE TABLE public.item (a integer, at timestamp);
CREATE STATISTICS public.s ON (a % 10) FROM public.item;
