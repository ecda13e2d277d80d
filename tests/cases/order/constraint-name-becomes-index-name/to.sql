CREATE TABLE public.item (id integer NOT NULL, n integer);
CREATE INDEX thing ON public.item (n);
