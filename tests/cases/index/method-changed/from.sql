CREATE TABLE public.item (tags text[], n integer);
CREATE INDEX item_n ON public.item (n);
