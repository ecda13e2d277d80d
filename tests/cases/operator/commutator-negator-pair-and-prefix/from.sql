CREATE FUNCTION public.eq(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 ~= $2';
CREATE FUNCTION public.ne(point, point) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT NOT $1 ~= $2';
CREATE FUNCTION public.neg(point) RETURNS point LANGUAGE sql IMMUTABLE AS 'SELECT $1';
