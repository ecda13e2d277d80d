CREATE TABLE public.item (a integer, b integer, c integer GENERATED ALWAYS AS (a + b) STORED);
CREATE INDEX item_c ON public.item (c);
