CREATE TYPE public.c AS (a integer, b text);
CREATE FUNCTION public.f() RETURNS public.c LANGUAGE plpgsql AS 'DECLARE r public.c; BEGIN RETURN r; END';
