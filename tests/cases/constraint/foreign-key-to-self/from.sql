CREATE TABLE public.node (id integer PRIMARY KEY, parent integer);
INSERT INTO public.node VALUES (1, NULL), (2, 1);
