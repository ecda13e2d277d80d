CREATE TABLE public.old_a (id integer PRIMARY KEY);
CREATE TABLE public.old_b (id integer PRIMARY KEY, a integer REFERENCES public.old_a);
