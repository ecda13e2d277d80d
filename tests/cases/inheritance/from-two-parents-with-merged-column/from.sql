CREATE TABLE public.a (id integer, x text);
CREATE TABLE public.b (id integer, y text);
CREATE TABLE public.c () INHERITS (public.a, public.b);
