CREATE EXTENSION hstore;
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION from_pair(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'boolin';
CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_pair(internal));
