CREATE TABLE public.item (id integer, name text);
CREATE UNIQUE INDEX item_name ON public.item (name);
