CREATE TABLE public.a (t integer, id integer, PRIMARY KEY (t, id));
CREATE TABLE public.b (t integer, a integer, FOREIGN KEY (t, a) REFERENCES public.a);
INSERT INTO public.a VALUES (1, 1);
INSERT INTO public.b VALUES (1, 1), (NULL, NULL), (1, NULL);
