CREATE TABLE public.item (id integer, name text);
