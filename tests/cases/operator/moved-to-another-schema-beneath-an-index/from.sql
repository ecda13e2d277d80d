CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE FUNCTION a.same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 = $2';
CREATE OPERATOR a.=== (FUNCTION = a.same, LEFTARG = text, RIGHTARG = text);
COMMENT ON OPERATOR a.=== (text, text) IS 'alike';
CREATE TABLE a.t (x text, y text, CHECK (x OPERATOR(a.===) y));
CREATE INDEX t_i ON a.t ((x OPERATOR(a.===) y));
CREATE VIEW a.v AS SELECT x OPERATOR(a.===) y AS z FROM a.t;
