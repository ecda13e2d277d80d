CREATE TABLE public.item (id integer);
CREATE INDEX i ON public.item (id);
