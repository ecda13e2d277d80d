CREATE TABLE public.p (id integer PRIMARY KEY, u integer UNIQUE, v integer UNIQUE DEFERRABLE);
CREATE TABLE public.c (id integer, a integer REFERENCES public.p, b integer CONSTRAINT c_b REFERENCES public.p (u) DEFERRABLE INITIALLY DEFERRED, c integer CONSTRAINT c_c REFERENCES public.p DEFERRABLE);
INSERT INTO public.p VALUES (1, 1, 1);
INSERT INTO public.c VALUES (1, 1, 1, 1);
