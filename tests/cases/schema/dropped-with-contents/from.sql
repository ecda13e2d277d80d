CREATE SCHEMA app;
CREATE TABLE app.a (id serial PRIMARY KEY);
CREATE TYPE app.t AS ENUM ('x');
CREATE FUNCTION app.f(app.t) RETURNS app.a LANGUAGE sql AS 'SELECT NULL::app.a';
CREATE VIEW app.v AS SELECT app.f('x') AS r;
