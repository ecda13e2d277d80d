CREATE EXTENSION pg_buffercache;
CREATE EXTENSION pg_trgm;
ALTER FUNCTION public.show_trgm(text) OWNER TO case_reader;
