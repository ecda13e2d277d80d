CREATE TABLE public.item (id integer, name text, price integer, note text);
INSERT INTO public.item VALUES (1, 'a', 5, 'n'), (2, 'b', 6, NULL);
