CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.c (id integer PRIMARY KEY);
CREATE TABLE public.b (x integer, CONSTRAINT b_x_fkey FOREIGN KEY (x) REFERENCES public.a);
