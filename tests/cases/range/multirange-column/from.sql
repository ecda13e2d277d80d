CREATE TABLE public.item (a int4range);
INSERT INTO public.item VALUES ('[1,2)');
