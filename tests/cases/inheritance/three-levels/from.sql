CREATE TABLE public.a (id integer);
CREATE TABLE public.b () INHERITS (public.a);
CREATE TABLE public.c () INHERITS (public.b);
INSERT INTO public.c VALUES (1);
