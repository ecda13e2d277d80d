CREATE TABLE public.item (a integer, b integer, c integer);
GRANT SELECT (a, c) ON public.item TO case_reader WITH GRANT OPTION;
GRANT INSERT (b) ON public.item TO PUBLIC;
