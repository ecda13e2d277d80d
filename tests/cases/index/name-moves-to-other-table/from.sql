CREATE TABLE public.a (id integer);
CREATE TABLE public.b (id integer);
CREATE INDEX i ON public.a (id);
