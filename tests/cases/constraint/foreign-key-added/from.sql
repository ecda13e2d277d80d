CREATE TABLE public.a (id integer PRIMARY KEY);
CREATE TABLE public.b (a_id integer);
INSERT INTO public.a VALUES (1);
INSERT INTO public.b VALUES (1), (NULL);
