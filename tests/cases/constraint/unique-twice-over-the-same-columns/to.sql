CREATE TABLE public.item (a integer, b integer, CONSTRAINT item_u2 UNIQUE (a, b));
