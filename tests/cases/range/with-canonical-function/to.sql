CREATE TYPE public.r;
CREATE FUNCTION public.canon(public.r) RETURNS public.r LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE public.r AS RANGE (SUBTYPE = integer, CANONICAL = public.canon);
