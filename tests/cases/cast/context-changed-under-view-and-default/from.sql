CREATE TYPE celsius AS (degrees numeric);
CREATE FUNCTION to_celsius(numeric) RETURNS celsius LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::celsius';
CREATE CAST (numeric AS celsius) WITH FUNCTION to_celsius(numeric);
CREATE TABLE reading (id integer, was numeric, heat celsius DEFAULT (1.5)::numeric::celsius);
CREATE VIEW readings AS SELECT id, was::celsius AS heat FROM reading;
COMMENT ON CAST (numeric AS celsius) IS 'degrees';
