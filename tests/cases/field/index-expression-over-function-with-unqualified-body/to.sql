CREATE SCHEMA app;
CREATE FUNCTION app.inner_f(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
SET search_path = app, public;
CREATE FUNCTION app.outer_f(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN inner_f($1); END';
CREATE TABLE app.item (s text);
CREATE INDEX i ON app.item (app.outer_f(s));
