CREATE TABLE public.item (id integer, name text);
INSERT INTO public.item VALUES (1, NULL), (2, 'a');
