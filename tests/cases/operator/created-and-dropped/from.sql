CREATE FUNCTION public.near(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <-> $2 < 1';
CREATE OPERATOR public.=~= (LEFTARG = point, RIGHTARG = point, FUNCTION = public.near);
