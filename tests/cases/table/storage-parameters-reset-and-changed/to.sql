CREATE TABLE public.item (id integer PRIMARY KEY, body text);
ALTER TABLE public.item SET (fillfactor = 80);
