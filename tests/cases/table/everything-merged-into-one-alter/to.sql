CREATE TABLE public.item (id integer PRIMARY KEY, name text NOT NULL DEFAULT '-', price bigint, tax numeric DEFAULT 0, CHECK (price >= 0));
