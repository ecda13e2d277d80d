CREATE SCHEMA core;
CREATE TYPE core.address AS (street text, plz text);
CREATE TABLE core.t (id int, adr core.address) PARTITION BY RANGE (id);
CREATE TABLE core.t1 PARTITION OF core.t FOR VALUES FROM (0) TO (10);
CREATE FUNCTION core.g(x core.address) RETURNS varchar LANGUAGE sql IMMUTABLE RETURN (x).plz;
ALTER TABLE core.t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON core.t USING (core.g(adr) <> '');
