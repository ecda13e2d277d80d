CREATE TABLE public.item (id integer, n integer);
GRANT SELECT (id, n) ON public.item TO case_reader;
