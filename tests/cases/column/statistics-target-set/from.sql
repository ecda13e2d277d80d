CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ALTER b SET STATISTICS 10;
