CREATE TABLE public.item (a integer, b integer);
CREATE INDEX i ON public.item (a, b);
CREATE INDEX j ON public.item (a DESC NULLS LAST, b ASC NULLS FIRST);
