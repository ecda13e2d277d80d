CREATE TABLE public.item (id integer, code text CONSTRAINT item_code UNIQUE);
INSERT INTO public.item VALUES (1, 'a');
