-- What PostgreSQL 14 brought.
CREATE TYPE types.many_range AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = types.diff, MULTIRANGE_TYPE_NAME = types.many);
CREATE TABLE app.fourteen (m types.many, packed text COMPRESSION pglz);
CREATE FUNCTION code.by_return(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + 1;
CREATE FUNCTION code.by_block() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT id FROM app.plain; SELECT 2; END;
CREATE PROCEDURE code.settle(OUT done bigint, IN day date DEFAULT CURRENT_DATE) LANGUAGE sql BEGIN ATOMIC SELECT 1::bigint; END;
CREATE STATISTICS app.by_expression (dependencies) ON (low + 1), high FROM app.plain;
CREATE SUBSCRIPTION sub_binary CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, binary = true, streaming = true);
GRANT sink_reader TO pg_monitor;
REVOKE sink_reader FROM pg_monitor;
CREATE TYPE types.spot;
CREATE FUNCTION types.spot_in(cstring) RETURNS types.spot LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION types.spot_out(types.spot) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE TYPE types.spot (INPUT = types.spot_in, OUTPUT = types.spot_out, INTERNALLENGTH = 16, ALIGNMENT = double, ELEMENT = float8,
    SUBSCRIPT = raw_array_subscript_handler);
CREATE TYPE types.far_range AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = app.far_multirange);
