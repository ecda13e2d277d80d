CREATE TABLE public.item (id integer, name varchar(10));
INSERT INTO public.item VALUES (1, 'abcdefghij');
