CREATE TABLE public.item (id integer NOT NULL, name text);
