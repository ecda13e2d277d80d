CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (x integer REFERENCES public.a, y integer REFERENCES public.a DEFERRABLE INITIALLY DEFERRED, z integer REFERENCES public.a DEFERRABLE);
