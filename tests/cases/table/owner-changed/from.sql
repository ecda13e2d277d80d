CREATE TABLE public.item (id serial PRIMARY KEY);
