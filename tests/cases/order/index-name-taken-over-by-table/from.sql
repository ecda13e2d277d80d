CREATE TABLE public.item (id integer);
CREATE INDEX thing ON public.item (id);
