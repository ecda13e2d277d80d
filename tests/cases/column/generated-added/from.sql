CREATE TABLE public.item (a integer, b integer);
INSERT INTO public.item VALUES (2, 3);
