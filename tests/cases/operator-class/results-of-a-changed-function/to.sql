CREATE FUNCTION public.compared(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select sign($1 - $2)::integer';
CREATE FUNCTION public.alike(integer, integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'begin return sign($1 - $2)::integer = 0; end';
CREATE OPERATOR public.=== (FUNCTION = public.alike, LEFTARG = integer, RIGHTARG = integer);
CREATE OPERATOR CLASS public.other FOR TYPE integer USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 public.compared(integer, integer);
CREATE FUNCTION public.fits(integer) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'begin return $1 > 22; end';
CREATE DOMAIN public.fitting AS integer CHECK (public.fits(VALUE));
CREATE TABLE public.t (a integer CHECK (a OPERATOR(public.===) a), b public.fitting);
CREATE INDEX t_a ON public.t (a public.other);
