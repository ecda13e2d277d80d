CREATE TABLE public.item (a text, b integer);
CREATE INDEX i ON public.item (upper(a), (b + 1));
