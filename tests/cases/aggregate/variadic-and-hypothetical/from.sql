CREATE FUNCTION take(state text[], VARIADIC parts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT state || parts';
CREATE AGGREGATE taken(VARIADIC text[]) (SFUNC = take, STYPE = text[], INITCOND = '{}');
