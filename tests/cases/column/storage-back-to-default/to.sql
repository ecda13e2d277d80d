CREATE TABLE public.item (id integer, body text);
