CREATE TABLE public.item (id integer PRIMARY KEY, name text);
