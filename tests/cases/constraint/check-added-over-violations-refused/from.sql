CREATE TABLE public.item (n integer);
INSERT INTO public.item VALUES (0);
