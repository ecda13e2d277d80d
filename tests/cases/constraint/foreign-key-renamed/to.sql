CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (x integer CONSTRAINT new_fk REFERENCES public.a);
