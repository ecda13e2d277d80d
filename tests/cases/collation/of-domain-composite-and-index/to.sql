CREATE COLLATION swedish (PROVIDER = icu, LOCALE = 'sv-u-co-trad');
COMMENT ON COLLATION swedish IS 'as they sort';
CREATE DOMAIN surname AS text COLLATE swedish CHECK (VALUE <> '');
CREATE TYPE person AS (name text COLLATE swedish, age integer);
CREATE TABLE guest (id integer PRIMARY KEY, name surname, town text COLLATE swedish);
CREATE INDEX guest_town ON guest (town COLLATE swedish DESC);
INSERT INTO guest VALUES (1, 'Ek', 'Lund');
