CREATE TABLE public.item (id integer);
ALTER TABLE public.item OWNER TO case_writer;
GRANT SELECT ON public.item TO case_reader;
