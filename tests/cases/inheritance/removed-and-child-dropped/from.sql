CREATE TABLE public.base (id integer, n integer);
CREATE TABLE public.kid (x text) INHERITS (public.base);
CREATE TABLE public.other () INHERITS (public.base);
INSERT INTO public.kid VALUES (1, 2, 'x');
