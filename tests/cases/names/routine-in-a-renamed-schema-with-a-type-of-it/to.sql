CREATE SCHEMA core;
CREATE TYPE core.mood AS ENUM ('good', 'bad');
CREATE FUNCTION core.weigh(m core.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE core.person (id integer PRIMARY KEY, mood core.mood, CHECK (core.weigh(mood)));
