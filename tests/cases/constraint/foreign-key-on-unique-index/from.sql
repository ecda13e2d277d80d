CREATE TABLE public.a (id integer, code text NOT NULL);
CREATE UNIQUE INDEX a_code ON public.a (code);
CREATE TABLE public.b (code text REFERENCES public.a (code));
INSERT INTO public.a VALUES (1, 'x');
INSERT INTO public.b VALUES ('x');
