CREATE TABLE public.item (id integer);
GRANT SELECT, UPDATE, TRIGGER ON public.item TO case_reader;
GRANT ALL ON public.item TO case_writer;
