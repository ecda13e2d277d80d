CREATE TABLE public.item (id integer, body text, raw bytea);
ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL;
