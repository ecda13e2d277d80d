CREATE TABLE public.a (id integer, x text);
CREATE TABLE public.b (id integer, y text);
CREATE TABLE public.c (id integer DEFAULT 9) INHERITS (public.a, public.b);
