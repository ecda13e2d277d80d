CREATE TABLE public.item (a text, b integer);
CREATE INDEX i ON public.item (lower(a), (b + 1));
