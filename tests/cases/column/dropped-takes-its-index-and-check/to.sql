CREATE TABLE public.item (id integer, a integer);
