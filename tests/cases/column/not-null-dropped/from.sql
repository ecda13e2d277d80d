CREATE TABLE public.item (id integer NOT NULL, name text NOT NULL);
INSERT INTO public.item VALUES (1, 'a');
