CREATE SCHEMA a;
CREATE SCHEMA b;
CREATE FUNCTION a.same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'select $1 = $2';
CREATE OPERATOR b.=== (FUNCTION = a.same, LEFTARG = text, RIGHTARG = text);
COMMENT ON OPERATOR b.=== (text, text) IS 'alike';
CREATE TABLE a.t (x text, y text, CHECK (x OPERATOR(b.===) y));
CREATE INDEX t_i ON a.t ((x OPERATOR(b.===) y));
CREATE VIEW a.v AS SELECT x OPERATOR(b.===) y AS z FROM a.t;
