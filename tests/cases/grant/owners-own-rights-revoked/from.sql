CREATE TABLE public.item (id integer);
ALTER TABLE public.item OWNER TO case_owner;
