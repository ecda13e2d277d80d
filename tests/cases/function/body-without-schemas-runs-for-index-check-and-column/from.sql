CREATE EXTENSION unaccent;
CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT unaccent('unaccent', $1) $$;
CREATE TABLE word (id integer PRIMARY KEY, spelt text NOT NULL);
INSERT INTO word VALUES (1, 'é'), (2, 'à');
