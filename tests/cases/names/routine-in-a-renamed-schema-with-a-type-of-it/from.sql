CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('good', 'bad');
CREATE FUNCTION app.judge(m app.mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE app.person (id integer PRIMARY KEY, mood app.mood, CHECK (app.judge(mood)));
INSERT INTO app.person VALUES (1, 'good');
