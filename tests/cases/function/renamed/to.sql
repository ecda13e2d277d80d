CREATE FUNCTION public.new_f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE public.item (n integer CHECK (public.new_f(n) > 0));
