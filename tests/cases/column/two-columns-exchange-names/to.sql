CREATE TABLE public.item (id integer PRIMARY KEY, b text, a integer);
