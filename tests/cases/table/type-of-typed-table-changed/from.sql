CREATE TYPE public.t AS (id integer, k text);
CREATE TABLE public.o OF public.t (PRIMARY KEY (id));
INSERT INTO public.o VALUES (1, 'a');
