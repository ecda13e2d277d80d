CREATE FUNCTION add_up(bigint, integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 0) + coalesce($2, 0)';
CREATE FUNCTION in_all(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE FUNCTION halve(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1 / 2';
CREATE AGGREGATE half_sum(integer) (SFUNC = add_up, STYPE = bigint, FINALFUNC = halve, FINALFUNC_MODIFY = shareable, COMBINEFUNC = in_all, INITCOND = '10', PARALLEL = safe);
COMMENT ON AGGREGATE half_sum(integer) IS 'half of all, and five';
ALTER AGGREGATE half_sum(integer) OWNER TO case_owner;
REVOKE EXECUTE ON FUNCTION half_sum(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION half_sum(integer) TO case_reader;
