CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (subtype = numeric);
CREATE TYPE app.floatrange AS RANGE (subtype = float8, multirange_type_name = app.many);
CREATE FUNCTION app.first(app.span_multirange) RETURNS app.span LANGUAGE sql IMMUTABLE AS 'SELECT NULL::app.span';
CREATE FUNCTION app.first(app.many) RETURNS app.floatrange LANGUAGE sql IMMUTABLE AS 'SELECT NULL::app.floatrange';
COMMENT ON FUNCTION app.first(app.span_multirange) IS 'Of many';
COMMENT ON FUNCTION app.first(app.many) IS 'Of floats';
CREATE TABLE app.t (a app.span_multirange, b app.many);
