CREATE TABLE public.item (id integer, code text UNIQUE);
INSERT INTO public.item VALUES (1, NULL);
