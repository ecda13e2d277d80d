CREATE TABLE public.item (id integer, body text, raw bytea);
ALTER TABLE public.item ALTER body SET STORAGE MAIN, ALTER raw SET STORAGE PLAIN;
