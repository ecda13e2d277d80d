CREATE TABLE public.item (a text, b text);
CREATE INDEX i ON public.item (a, b);
