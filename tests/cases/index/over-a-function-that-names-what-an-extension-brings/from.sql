CREATE EXTENSION unaccent;
CREATE SCHEMA m;
CREATE FUNCTION m.plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$SELECT unaccent('unaccent', $1)$$;
CREATE TABLE m.r (t text);
INSERT INTO m.r VALUES ('a');
SET search_path = m, public;
CREATE INDEX ri ON m.r (m.plain(t));
