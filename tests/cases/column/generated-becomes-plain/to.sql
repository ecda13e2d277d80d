CREATE TABLE public.item (a integer, c integer);
