CREATE TABLE public.item (tags text[], n integer);
CREATE INDEX item_n ON public.item USING hash (n);
CREATE INDEX item_tags ON public.item USING gin (tags);
CREATE INDEX item_brin ON public.item USING brin (n) WITH (pages_per_range = 16);
