CREATE FUNCTION public.eq(integer, integer) RETURNS boolean LANGUAGE internal IMMUTABLE AS 'int4eq';
CREATE OPERATOR public.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = public.eq, RESTRICT = eqsel);
