CREATE TABLE public.item (a text, d timestamptz);
CREATE UNIQUE INDEX i ON public.item (a) WHERE d IS NULL;
