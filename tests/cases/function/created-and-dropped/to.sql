CREATE FUNCTION public.g(a integer) RETURNS integer LANGUAGE sql AS 'SELECT a';
