CREATE TYPE public.c AS (x integer);
CREATE FUNCTION public.c_from(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE TRANSFORM FOR bigint LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON TRANSFORM FOR bigint LANGUAGE sql IS 't';
CREATE FUNCTION public.f(bigint) RETURNS bigint LANGUAGE sql TRANSFORM FOR TYPE bigint AS 'SELECT $1';
