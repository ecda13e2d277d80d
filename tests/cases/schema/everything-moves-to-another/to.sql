CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TYPE two.kind AS ENUM ('a', 'b');
CREATE TABLE two.item (id serial PRIMARY KEY, kind two.kind DEFAULT 'a');
CREATE FUNCTION two.f(two.item) RETURNS two.kind LANGUAGE sql STABLE AS 'SELECT $1.kind';
CREATE VIEW two.v AS SELECT i.id, two.f(i) AS kind FROM two.item i;
