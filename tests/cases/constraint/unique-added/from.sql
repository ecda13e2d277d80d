CREATE TABLE public.item (id integer, code text);
INSERT INTO public.item VALUES (1, 'a'), (2, 'b'), (3, NULL), (4, NULL);
