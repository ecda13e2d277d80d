CREATE TABLE public.item (id integer, n integer);
