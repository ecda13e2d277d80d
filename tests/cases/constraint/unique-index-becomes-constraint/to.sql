CREATE TABLE public.item (id integer, code text CONSTRAINT item_code UNIQUE);
