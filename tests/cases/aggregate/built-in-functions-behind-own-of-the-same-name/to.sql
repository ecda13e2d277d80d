CREATE SCHEMA s;
CREATE FUNCTION s.int4smaller(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION s.float8mi(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1::float8';
CREATE FUNCTION s.int4eq(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE s.eqsel (id int);
CREATE AGGREGATE s.least (int) (SFUNC = pg_catalog.int4smaller, STYPE = int, SORTOP = OPERATOR(pg_catalog.<));
CREATE OPERATOR s.< (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.text_lt);
CREATE TYPE s.span AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = pg_catalog.float8mi);
CREATE OPERATOR s.## (LEFTARG = int, RIGHTARG = int, FUNCTION = pg_catalog.int4eq, RESTRICT = pg_catalog.eqsel);
