CREATE TABLE public.item (id integer, n integer NOT NULL DEFAULT 0);
