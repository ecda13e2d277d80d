CREATE SCHEMA ext;
CREATE EXTENSION pg_buffercache SCHEMA ext;
GRANT SELECT (bufferid) ON ext.pg_buffercache TO case_reader;
COMMENT ON COLUMN ext.pg_buffercache.bufferid IS 'a buffer';
