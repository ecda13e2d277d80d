CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.f(a integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC INSERT INTO public.item VALUES (a, 1); SELECT count(*) FROM public.item WHERE id = a; END;
