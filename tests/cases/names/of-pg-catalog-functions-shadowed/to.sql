CREATE SCHEMA app;
CREATE FUNCTION app.lower(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE app.item (s text);
CREATE INDEX i ON app.item (app.lower(s));
