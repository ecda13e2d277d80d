CREATE SCHEMA maths;
CREATE FUNCTION maths.near(integer, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 3';
CREATE OPERATOR maths.~~~ (FUNCTION = maths.near, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(maths.~~~));
ALTER OPERATOR maths.~~~ (integer, integer) OWNER TO case_owner;
