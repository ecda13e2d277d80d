CREATE TABLE public.item (id integer);
ALTER TABLE public.item OWNER TO case_owner;
GRANT SELECT ON public.item TO case_writer WITH GRANT OPTION;
SET ROLE case_writer;
GRANT SELECT ON public.item TO case_reader;
RESET ROLE;
