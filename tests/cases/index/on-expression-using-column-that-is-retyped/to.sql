CREATE TABLE public.i (id integer, a text, n bigint);
CREATE INDEX i_l ON public.i (lower(a)) WHERE n > 3;
CREATE UNIQUE INDEX i_n ON public.i (((n + 1)), a DESC);
