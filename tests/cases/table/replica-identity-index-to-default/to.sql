CREATE TABLE public.item (id integer PRIMARY KEY, code text NOT NULL);
CREATE UNIQUE INDEX item_code ON public.item (code);
