CREATE TABLE public.item (id integer PRIMARY KEY, name text);
INSERT INTO public.item VALUES (1, 'a'), (7, 'b');
