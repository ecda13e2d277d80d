CREATE EXTENSION pg_buffercache;
GRANT SELECT (bufferid, relfilenode) ON public.pg_buffercache TO case_reader;
COMMENT ON COLUMN public.pg_buffercache.bufferid IS 'a buffer';
