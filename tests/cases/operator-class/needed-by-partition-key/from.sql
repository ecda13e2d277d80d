CREATE FUNCTION public.h(integer, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1::bigint + $2';
