CREATE TABLE public.item (id integer PRIMARY KEY, code text);
CREATE INDEX item_code ON public.item (code);
