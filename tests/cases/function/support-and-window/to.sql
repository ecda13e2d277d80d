CREATE FUNCTION public.prefix(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT text_starts_with_support AS 'text_starts_with';
CREATE FUNCTION public.number() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_row_number';
