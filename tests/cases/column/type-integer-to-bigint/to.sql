CREATE TABLE public.item (id bigint PRIMARY KEY, n integer NOT NULL);
