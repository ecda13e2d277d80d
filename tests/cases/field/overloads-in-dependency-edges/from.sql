CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.f(bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2';
CREATE TABLE public.a (n integer CHECK (public.f(n) > 0), m bigint CHECK (public.f(m) > 0));
INSERT INTO public.a VALUES (1, 2);
