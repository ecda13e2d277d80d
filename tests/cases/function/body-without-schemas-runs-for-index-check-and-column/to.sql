CREATE EXTENSION unaccent;
CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$ SELECT unaccent('unaccent', $1) $$;
CREATE TABLE rank (letter text, n integer);
CREATE FUNCTION weigh(text) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN length(plain($1)) + (SELECT count(*) FROM rank); END $$;
CREATE TABLE word (id integer PRIMARY KEY, spelt text NOT NULL, bare text GENERATED ALWAYS AS (plain(spelt)) STORED, CONSTRAINT light CHECK (weigh(spelt) < 10));
CREATE INDEX word_plain ON word (plain(spelt));
CREATE UNIQUE INDEX word_weight ON word (weigh(spelt), id);
INSERT INTO word VALUES (1, 'é'), (2, 'à');
