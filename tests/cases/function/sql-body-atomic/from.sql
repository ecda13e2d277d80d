CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.f(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM public.item WHERE id = a';
