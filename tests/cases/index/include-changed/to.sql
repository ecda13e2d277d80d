CREATE TABLE public.item (a integer, b integer, c integer);
CREATE INDEX i ON public.item (a) INCLUDE (c, b);
