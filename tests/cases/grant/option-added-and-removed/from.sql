CREATE TABLE public.item (id integer);
GRANT SELECT ON public.item TO case_reader WITH GRANT OPTION;
GRANT INSERT ON public.item TO case_reader;
