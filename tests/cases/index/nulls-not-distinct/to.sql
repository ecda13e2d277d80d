CREATE TABLE public.item (id integer);
CREATE UNIQUE INDEX i ON public.item (id) NULLS NOT DISTINCT;
