CREATE TABLE public.a (id integer);
CREATE TABLE public.b (id integer);
CREATE TABLE public.c () INHERITS (public.a, public.b);
