CREATE TYPE level AS ENUM ('low', 'high');
CREATE FUNCTION distance(level, level) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR <-> (FUNCTION = distance, LEFTARG = level, RIGHTARG = level);
CREATE TABLE reading (id integer, was level, is_now level, CONSTRAINT moved CHECK ((was <-> is_now) > 0));
CREATE VIEW moves AS SELECT id, was <-> is_now AS by FROM reading;
INSERT INTO reading VALUES (1, 'low', 'high');
