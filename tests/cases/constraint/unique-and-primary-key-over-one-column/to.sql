CREATE TABLE public.item (a integer PRIMARY KEY, CONSTRAINT item_a_key UNIQUE (a));
