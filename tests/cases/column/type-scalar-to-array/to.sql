CREATE TABLE public.item (id integer, tag text[]);
