CREATE FUNCTION public.f(a integer DEFAULT 1, b text DEFAULT 'y') RETURNS text LANGUAGE sql AS 'SELECT b';
