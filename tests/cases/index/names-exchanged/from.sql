CREATE TABLE public.item (a integer, b integer);
CREATE INDEX i ON public.item (a);
CREATE INDEX j ON public.item (b);
