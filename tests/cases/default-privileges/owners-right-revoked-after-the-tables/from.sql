CREATE TABLE public.a (id integer);
