CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('a', 'b');
CREATE FUNCTION app.f() RETURNS app.state LANGUAGE sql AS $$SELECT 'a'::app.state$$;
CREATE TABLE app.item (s app.state DEFAULT app.f(), CHECK (s <> 'b'::app.state));
CREATE VIEW app.v AS SELECT s FROM app.item WHERE s = app.f();
