CREATE SCHEMA app;
CREATE DOMAIN app.date AS timestamp(0);
CREATE TYPE app.path AS ENUM ('left', 'right');
CREATE TABLE app.event (id int, a app.date, b date, c app.path, d path, e app.date[], f date[]);
CREATE FUNCTION app.later(app.date, integer) RETURNS app.date LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION app.later(date, integer) RETURNS date LANGUAGE sql IMMUTABLE AS 'SELECT $1';
COMMENT ON FUNCTION app.later(date, integer) IS 'Of days';
COMMENT ON FUNCTION app.later(app.date, integer) IS 'Of seconds';
