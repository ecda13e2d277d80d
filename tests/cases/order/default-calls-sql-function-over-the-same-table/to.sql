CREATE TABLE public.item (id integer, code text);
CREATE FUNCTION public.next_code() RETURNS text LANGUAGE sql AS 'SELECT count(*)::text FROM public.item';
ALTER TABLE public.item ALTER code SET DEFAULT public.next_code();
