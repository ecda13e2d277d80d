-- What PostgreSQL 17 brought.
CREATE COLLATION types.built_in (PROVIDER = builtin, LOCALE = 'C.UTF-8');
GRANT MAINTAIN ON app.plain TO sink_reader;
CREATE TABLE parts.counted (id bigint GENERATED ALWAYS AS IDENTITY, at date) PARTITION BY RANGE (at);
CREATE TABLE parts.counted_1 PARTITION OF parts.counted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE SUBSCRIPTION sub_failover CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, failover = true, streaming = off);
CREATE DOMAIN types.there AS text CONSTRAINT is_there NOT NULL;
COMMENT ON CONSTRAINT is_there ON DOMAIN types.there IS 'never missing';
