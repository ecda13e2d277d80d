CREATE FUNCTION public.f(a integer, OUT x integer, INOUT y text) LANGUAGE sql AS $$SELECT a, y$$;
