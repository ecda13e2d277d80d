CREATE TABLE public.item (id serial);
