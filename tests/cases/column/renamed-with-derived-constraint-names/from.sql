CREATE TABLE public.item (id integer PRIMARY KEY, mail text UNIQUE CHECK (mail <> ''));
INSERT INTO public.item VALUES (1, 'a');
