CREATE TABLE public.item (id integer, body text DEFAULT '{}' NOT NULL);
INSERT INTO public.item VALUES (1, '{"a": 1}');
