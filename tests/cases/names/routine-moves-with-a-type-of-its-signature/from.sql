CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('good', 'bad');
CREATE FUNCTION app.judge(m app.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION app.judge(m app.mood, n integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE PROCEDURE app.note(m app.mood) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION app.later(app.mood, app.mood) RETURNS app.mood LANGUAGE sql IMMUTABLE AS 'SELECT $2';
CREATE AGGREGATE app.last_mood(app.mood) (SFUNC = app.later, STYPE = app.mood);
CREATE TABLE app.person (id integer PRIMARY KEY, mood app.mood, CHECK (app.judge(mood)));
INSERT INTO app.person VALUES (1, 'good');
