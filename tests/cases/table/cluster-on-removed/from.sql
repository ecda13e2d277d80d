CREATE TABLE public.item (id integer PRIMARY KEY);
ALTER TABLE public.item CLUSTER ON item_pkey;
