CREATE TABLE public.item (a integer, b integer, PRIMARY KEY (a, b));
INSERT INTO public.item VALUES (1, 2);
