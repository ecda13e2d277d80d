CREATE TABLE public.item (id integer, code text);
CREATE UNIQUE INDEX item_code ON public.item (code);
