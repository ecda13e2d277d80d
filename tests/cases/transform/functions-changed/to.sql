CREATE EXTENSION hstore;
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION from_pair(internal) RETURNS internal LANGUAGE internal IMMUTABLE STRICT AS 'boolin';
CREATE FUNCTION to_pair(internal) RETURNS pair LANGUAGE internal IMMUTABLE STRICT AS 'boolin';
CREATE TRANSFORM FOR pair LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_pair(internal), TO SQL WITH FUNCTION to_pair(internal));
CREATE FUNCTION uses(p pair) RETURNS integer TRANSFORM FOR TYPE pair LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;
