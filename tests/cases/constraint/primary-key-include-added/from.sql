CREATE TABLE public.item (id integer, name text, PRIMARY KEY (id));
INSERT INTO public.item VALUES (1, 'a');
