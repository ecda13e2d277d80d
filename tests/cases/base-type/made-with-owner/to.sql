CREATE SCHEMA app AUTHORIZATION case_owner;
CREATE TYPE app.number;
CREATE FUNCTION app.number_in(cstring) RETURNS app.number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION app.number_out(app.number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE app.number (INPUT = app.number_in, OUTPUT = app.number_out, LIKE = int4);
ALTER TYPE app.number OWNER TO case_owner;
ALTER FUNCTION app.number_in(cstring) OWNER TO case_owner;
ALTER FUNCTION app.number_out(app.number) OWNER TO case_owner;
