CREATE TABLE public.a (id integer PRIMARY KEY, x text);
CREATE TABLE public.b (id integer PRIMARY KEY, y integer);
INSERT INTO public.a VALUES (1, 'x');
INSERT INTO public.b VALUES (1, 2), (2, 3);
