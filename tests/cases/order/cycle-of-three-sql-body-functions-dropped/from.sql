CREATE FUNCTION public.a(n integer) RETURNS integer LANGUAGE sql RETURN n;
CREATE FUNCTION public.b(n integer) RETURNS integer LANGUAGE sql RETURN public.a(n);
CREATE FUNCTION public.c(n integer) RETURNS integer LANGUAGE sql RETURN public.b(n);
CREATE PROCEDURE public.p(n integer) LANGUAGE sql BEGIN ATOMIC SELECT public.c(n); END;
CREATE OR REPLACE FUNCTION public.a(n integer) RETURNS integer LANGUAGE sql RETURN CASE WHEN n > 0 THEN public.c(n - 1) ELSE public.a(0) END;
CREATE VIEW public.v AS SELECT public.a(1) AS x;
