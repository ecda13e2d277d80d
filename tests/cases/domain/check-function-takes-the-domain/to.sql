CREATE DOMAIN public.d AS integer;
CREATE FUNCTION public.ok(public.d) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 > 0; END';
ALTER DOMAIN public.d ADD CONSTRAINT d_ok CHECK (public.ok(VALUE));
