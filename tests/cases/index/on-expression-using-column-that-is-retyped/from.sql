CREATE TABLE public.i (id integer, a character varying(10), n integer);
CREATE INDEX i_l ON public.i (lower((a)::text)) WHERE n > 3;
CREATE UNIQUE INDEX i_n ON public.i (((n + 1)), a DESC);
INSERT INTO public.i VALUES (1, 'a', 4);
