CREATE TABLE public.item (id integer PRIMARY KEY, name text NOT NULL DEFAULT '', price numeric(10,2));
