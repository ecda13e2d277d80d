CREATE TABLE public.p (id integer PRIMARY KEY, a integer UNIQUE, CHECK (a > 0));
CREATE TABLE public.c (p_id integer REFERENCES public.p, n integer CHECK (n < 5));
CREATE INDEX ON public.c (p_id, n);
