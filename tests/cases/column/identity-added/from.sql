CREATE TABLE public.item (id integer NOT NULL, name text);
INSERT INTO public.item VALUES (1, 'a'), (5, 'b');
