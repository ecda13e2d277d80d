CREATE TABLE public.item (id integer);
GRANT SELECT ON public.item TO case_reader;
GRANT INSERT ON public.item TO case_reader WITH GRANT OPTION;
