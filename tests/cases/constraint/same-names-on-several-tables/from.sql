CREATE TABLE public.a (id integer, CONSTRAINT positive CHECK (id > 0));
CREATE TABLE public.b (id integer, CONSTRAINT positive CHECK (id > 0), CONSTRAINT low CHECK (id < 9));
CREATE TABLE public.c (id integer);
