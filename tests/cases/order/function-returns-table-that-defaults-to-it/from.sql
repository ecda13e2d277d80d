CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.latest() RETURNS public.item LANGUAGE sql AS 'SELECT * FROM public.item LIMIT 1';
ALTER TABLE public.item ALTER n SET DEFAULT (public.latest()).id;
