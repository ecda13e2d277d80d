CREATE SCHEMA one;
CREATE SCHEMA two;
CREATE TYPE one.kind AS ENUM ('a', 'b');
CREATE TABLE one.item (id serial PRIMARY KEY, kind one.kind DEFAULT 'a');
CREATE FUNCTION one.f(one.item) RETURNS one.kind LANGUAGE sql STABLE AS 'SELECT $1.kind';
CREATE VIEW one.v AS SELECT i.id, one.f(i) AS kind FROM one.item i;
