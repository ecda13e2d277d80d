CREATE SCHEMA app;
CREATE TABLE app.a (id serial PRIMARY KEY, n integer);
CREATE VIEW app.v AS SELECT id FROM app.a;
CREATE FUNCTION app.f(app.a) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
