CREATE FUNCTION public.prefix(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'text_starts_with';
