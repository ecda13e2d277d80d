CREATE TABLE public.item (a integer, b integer);
CREATE INDEX i ON public.item (b);
CREATE INDEX j ON public.item (a);
