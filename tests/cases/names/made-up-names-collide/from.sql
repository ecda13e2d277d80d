CREATE TABLE public.item (a integer, b integer);
