CREATE TABLE public.p (a integer, b integer, PRIMARY KEY (a, b));
CREATE TABLE public.c (a integer, b integer, x integer DEFAULT 1, FOREIGN KEY (a, b) REFERENCES public.p);
INSERT INTO public.p VALUES (1, 1);
INSERT INTO public.c VALUES (1, 1);
