CREATE TABLE public.item (a integer, b integer);
CREATE INDEX i ON public.item (b, a);
CREATE INDEX j ON public.item (a DESC, b);
