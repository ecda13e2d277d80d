CREATE TABLE public.item (id integer, n text);
INSERT INTO public.item VALUES (1, '42');
