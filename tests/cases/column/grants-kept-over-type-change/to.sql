CREATE TABLE public.item (a bigint, b integer);
GRANT SELECT (a), UPDATE (a) ON public.item TO case_reader;
