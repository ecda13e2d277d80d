CREATE TABLE public.item (id serial PRIMARY KEY, name text);
