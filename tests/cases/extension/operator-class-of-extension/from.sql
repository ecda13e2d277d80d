CREATE TABLE public.item (name text);
