CREATE TABLE public.item (id integer PRIMARY KEY, a text, b integer);
INSERT INTO public.item VALUES (1, 'x', 2);
