CREATE TABLE public.item (id integer PRIMARY KEY, amount integer);
INSERT INTO public.item VALUES (1, 5);
