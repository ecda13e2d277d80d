CREATE SCHEMA app;
CREATE TYPE app.number;
CREATE FUNCTION app.number_in(cstring) RETURNS app.number LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION app.number_out(app.number) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE app.number (INPUT = app.number_in, OUTPUT = app.number_out, LIKE = int4, CATEGORY = 'U');
CREATE TABLE app.counted (id integer PRIMARY KEY, a app.number NOT NULL, b app.number);
INSERT INTO app.counted VALUES (1, '5', NULL), (2, '6', '7');
