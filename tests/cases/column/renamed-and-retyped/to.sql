CREATE TABLE public.item (id integer PRIMARY KEY, total bigint NOT NULL);
