CREATE FUNCTION public.firstof(anycompatiblearray, anycompatible DEFAULT NULL::text) RETURNS anycompatible LANGUAGE sql AS 'SELECT $1[1]';
