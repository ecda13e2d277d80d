CREATE TABLE public.item (id serial PRIMARY KEY, name text);
INSERT INTO public.item (name) VALUES ('a'), ('b');
