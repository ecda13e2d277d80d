CREATE FUNCTION public.f(a integer, b text) RETURNS text LANGUAGE sql AS 'SELECT b';
