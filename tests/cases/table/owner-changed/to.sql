CREATE TABLE public.item (id serial PRIMARY KEY);
ALTER TABLE public.item OWNER TO case_owner;
