CREATE TABLE public.item (id integer);
GRANT SELECT ON public.item TO case_owner WITH GRANT OPTION;
SET ROLE case_owner;
GRANT SELECT ON public.item TO case_reader;
RESET ROLE;
