CREATE FUNCTION public.next_code() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*)::text FROM public.item); END';
CREATE TABLE public.item (id integer, code text DEFAULT public.next_code());
