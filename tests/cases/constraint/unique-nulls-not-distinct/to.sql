CREATE TABLE public.item (id integer, code text UNIQUE NULLS NOT DISTINCT);
