CREATE TABLE public.item (id integer, name text DEFAULT 'x');
CREATE INDEX item_name ON public.item (name);
