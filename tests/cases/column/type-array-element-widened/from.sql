CREATE TABLE public.item (id integer, n integer[], s varchar(5)[]);
INSERT INTO public.item VALUES (1, '{1,2}', '{a}');
