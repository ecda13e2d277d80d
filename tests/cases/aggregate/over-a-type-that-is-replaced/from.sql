CREATE TYPE colour AS ENUM ('red', 'green', 'blue');
CREATE FUNCTION last_colour(colour, colour) RETURNS colour LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($2, $1)';
CREATE AGGREGATE last_of(colour) (SFUNC = last_colour, STYPE = colour);
CREATE TABLE item (id integer PRIMARY KEY, shade colour, shape text);
INSERT INTO item VALUES (1, 'red', 'a'), (2, 'blue', 'a');
CREATE VIEW last_shades AS SELECT shape, last_of(shade) AS shade FROM item GROUP BY shape;
