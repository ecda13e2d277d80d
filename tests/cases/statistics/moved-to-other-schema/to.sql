CREATE SCHEMA other;
CREATE TABLE public.item (a integer, b integer);
CREATE STATISTICS other.s ON a, b FROM public.item;
