CREATE SCHEMA archive;
CREATE TABLE public.item (id serial PRIMARY KEY, name text);
CREATE INDEX item_name ON public.item (name);
INSERT INTO public.item (name) VALUES ('a'), ('b');
