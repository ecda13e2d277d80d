CREATE TABLE public.a (id integer, n integer, CONSTRAINT ok CHECK (n > 0));
CREATE TABLE public.b () INHERITS (public.a);
CREATE TABLE public.c () INHERITS (public.b);
