CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a_id integer REFERENCES public.a);
