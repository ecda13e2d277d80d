CREATE FUNCTION public.firstof(anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $1[1]';
