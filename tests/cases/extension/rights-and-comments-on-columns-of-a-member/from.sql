CREATE EXTENSION pg_buffercache;
GRANT SELECT (relfilenode) ON public.pg_buffercache TO case_writer;
COMMENT ON COLUMN public.pg_buffercache.isdirty IS 'goes';
