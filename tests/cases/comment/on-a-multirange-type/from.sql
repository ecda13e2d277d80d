CREATE SCHEMA a;
CREATE TYPE a.mood AS ENUM ('glad');
CREATE DOMAIN a.short AS text;
CREATE TYPE a.pair AS (one int, two int);
CREATE TYPE a.span AS RANGE (subtype = int4, multirange_type_name = a.spans);
CREATE TABLE a.t (i int PRIMARY KEY, p int REFERENCES a.t);
CREATE VIEW a.v AS SELECT 1 AS x;
CREATE FUNCTION a.tg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE CONSTRAINT TRIGGER tr AFTER INSERT ON a.t FOR EACH ROW EXECUTE FUNCTION a.tg();
