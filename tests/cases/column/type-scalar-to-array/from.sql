CREATE TABLE public.item (id integer, tag text);
INSERT INTO public.item VALUES (1, 'a');
