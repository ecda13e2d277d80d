CREATE TABLE public.item (id integer, body text);
ALTER TABLE public.item ALTER body SET STORAGE EXTERNAL;
