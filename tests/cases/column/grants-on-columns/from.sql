CREATE TABLE public.item (a integer, b integer, c integer);
GRANT SELECT (a, b), UPDATE (a) ON public.item TO case_reader;
