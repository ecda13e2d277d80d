CREATE TABLE public.c (id integer PRIMARY KEY, d integer);
CREATE TABLE public.d (id integer PRIMARY KEY, c integer REFERENCES public.c);
ALTER TABLE public.c ADD FOREIGN KEY (d) REFERENCES public.d;
