CREATE TABLE public.item (a integer, b integer);
ALTER TABLE public.item ALTER a SET STATISTICS 1000;
