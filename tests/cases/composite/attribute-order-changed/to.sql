CREATE TYPE public.c AS (b text, a integer);
CREATE FUNCTION public.f() RETURNS public.c LANGUAGE plpgsql AS 'DECLARE r public.c; BEGIN RETURN r; END';
