CREATE TABLE public.item (id integer, name text, PRIMARY KEY (id) INCLUDE (name));
