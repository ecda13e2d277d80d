CREATE TABLE public.item (id integer);
GRANT SELECT, INSERT ON public.item TO case_reader;
