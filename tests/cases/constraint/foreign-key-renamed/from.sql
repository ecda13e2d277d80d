CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (x integer CONSTRAINT old_fk REFERENCES public.a);
INSERT INTO public.a VALUES (1);
INSERT INTO public.b VALUES (1);
