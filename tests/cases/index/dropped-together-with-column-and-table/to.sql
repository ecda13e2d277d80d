CREATE TABLE public.i (id integer);
CREATE INDEX i_ida ON public.i (id);
