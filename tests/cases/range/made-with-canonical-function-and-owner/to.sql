CREATE SCHEMA app AUTHORIZATION case_owner;
CREATE TYPE app.span;
CREATE FUNCTION app.tidy(app.span) RETURNS app.span LANGUAGE internal IMMUTABLE AS 'int4range_canonical';
CREATE TYPE app.span AS RANGE (SUBTYPE = integer, CANONICAL = app.tidy);
ALTER TYPE app.span OWNER TO case_owner;
ALTER FUNCTION app.tidy(app.span) OWNER TO case_owner;
