CREATE TYPE public.a AS (x integer);
CREATE TYPE public.b AS (x integer);
CREATE FUNCTION public.to_b(public.a) RETURNS public.b LANGUAGE sql IMMUTABLE AS 'SELECT ROW(($1).x)::public.b';
CREATE FUNCTION public.to_a(public.b) RETURNS public.a LANGUAGE sql IMMUTABLE AS 'SELECT ROW(($1).x)::public.a';
CREATE CAST (public.a AS public.b) WITH FUNCTION public.to_b(public.a) AS IMPLICIT;
CREATE CAST (public.b AS public.a) WITH FUNCTION public.to_a(public.b) AS ASSIGNMENT;
COMMENT ON CAST (public.b AS public.a) IS 'back';
