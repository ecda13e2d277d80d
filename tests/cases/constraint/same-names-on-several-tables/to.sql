CREATE TABLE public.a (id integer, CONSTRAINT low CHECK (id < 9));
CREATE TABLE public.b (id integer, CONSTRAINT positive CHECK (id > 1), CONSTRAINT low CHECK (id < 9) NO INHERIT);
CREATE TABLE public.c (id integer, CONSTRAINT positive CHECK (id > 0));
