CREATE TABLE public.i (id integer NOT NULL, a text NOT NULL, b text);
CREATE UNIQUE INDEX i_a ON public.i (a);
CREATE UNIQUE INDEX i_id ON public.i (id) INCLUDE (a);
CREATE TABLE public.r (i_id integer REFERENCES public.i (id));
INSERT INTO public.i VALUES (1, 'a', 'b');
INSERT INTO public.r VALUES (1);
