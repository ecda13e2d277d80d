CREATE FUNCTION public.a(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE FUNCTION public.b(n integer) RETURNS integer LANGUAGE sql RETURN public.a(n - 1);
CREATE OR REPLACE FUNCTION public.a(n integer) RETURNS integer LANGUAGE sql RETURN CASE WHEN n > 0 THEN public.b(n) ELSE 0 END;
