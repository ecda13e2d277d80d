CREATE TABLE public.item (id integer, n integer);
GRANT SELECT ON public.item TO case_reader;
