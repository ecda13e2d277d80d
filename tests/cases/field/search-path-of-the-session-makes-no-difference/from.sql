CREATE SCHEMA app;
CREATE TYPE app.state AS ENUM ('a', 'b');
CREATE FUNCTION app.f() RETURNS app.state LANGUAGE sql AS $$SELECT 'a'::app.state$$;
SET search_path = app, public;
CREATE TABLE item (s state DEFAULT f(), CHECK (s <> 'b'::state));
CREATE VIEW v AS SELECT s FROM item WHERE s = f();
