CREATE TABLE public.item (a integer, b integer);
GRANT SELECT (a), UPDATE (a) ON public.item TO case_reader;
