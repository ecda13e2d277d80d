CREATE DOMAIN positive AS integer CHECK (VALUE > 0) CHECK (VALUE < 1000);
CREATE DOMAIN small AS positive DEFAULT 2 NOT NULL;
CREATE TYPE box AS (width small, sides positive[], colour text);
CREATE DOMAIN boxes AS box[] CHECK (cardinality(VALUE) < 6);
CREATE TABLE store (id integer PRIMARY KEY, amount small NOT NULL, kept boxes, CONSTRAINT enough CHECK (amount > 2));
CREATE FUNCTION twice(small) RETURNS positive LANGUAGE sql AS 'SELECT ($1 * 2)::positive';
INSERT INTO store VALUES (1, 5, NULL);
