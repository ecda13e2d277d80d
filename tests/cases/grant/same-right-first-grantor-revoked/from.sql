CREATE TABLE public.item (id integer);
GRANT SELECT ON public.item TO case_writer WITH GRANT OPTION;
GRANT SELECT ON public.item TO case_owner WITH GRANT OPTION;
SET ROLE case_writer;
GRANT SELECT ON public.item TO case_reader WITH GRANT OPTION;
SET ROLE case_owner;
GRANT SELECT ON public.item TO case_reader;
RESET ROLE;
