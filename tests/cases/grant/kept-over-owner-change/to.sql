CREATE TABLE public.item (id integer);
GRANT SELECT ON public.item TO case_reader;
ALTER TABLE public.item OWNER TO case_owner;
