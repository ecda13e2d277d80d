CREATE TABLE public.item (id integer, code text);
