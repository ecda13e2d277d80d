CREATE TABLE public.item (id integer, name text);
CREATE INDEX item_name ON public.item (name);
