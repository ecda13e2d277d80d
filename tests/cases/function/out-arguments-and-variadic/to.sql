CREATE FUNCTION public.f(a integer, OUT x integer, OUT y text, VARIADIC rest integer[] DEFAULT '{}') LANGUAGE sql AS $$SELECT a, 'z'$$;
