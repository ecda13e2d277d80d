CREATE SCHEMA app;
CREATE SCHEMA lib;
CREATE TYPE lib.mood AS ENUM ('good', 'bad');
CREATE FUNCTION lib.judge(m lib.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION app.judge(m lib.mood, n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE PROCEDURE lib.memo(m lib.mood) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION app.later(lib.mood, lib.mood) RETURNS lib.mood LANGUAGE sql IMMUTABLE AS 'SELECT $2';
CREATE AGGREGATE lib.final_mood(lib.mood) (SFUNC = app.later, STYPE = lib.mood);
CREATE TABLE app.person (id integer PRIMARY KEY, mood lib.mood, CHECK (lib.judge(mood)));
