CREATE FUNCTION public.ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''''';
CREATE DOMAIN public.d AS text CHECK (public.ok(VALUE));
CREATE TABLE public.item (x public.d);
