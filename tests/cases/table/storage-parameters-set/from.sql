CREATE TABLE public.item (id integer PRIMARY KEY, body text);
