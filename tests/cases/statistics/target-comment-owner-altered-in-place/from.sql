CREATE TABLE public.item (a integer, b integer);
CREATE STATISTICS public.s ON a, b FROM public.item;
ALTER STATISTICS public.s SET STATISTICS 50;
