CREATE TYPE public.t AS (id integer, k text);
CREATE TABLE public.o OF public.t (PRIMARY KEY (id), k DEFAULT 'x');
CREATE TABLE public.plain (id integer, k text);
INSERT INTO public.o VALUES (1, 'a');
INSERT INTO public.plain VALUES (1, 'a');
