CREATE TABLE public.item (id integer);
INSERT INTO public.item VALUES (1);
