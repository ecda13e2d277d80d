CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql RETURN a * b;
