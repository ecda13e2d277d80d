CREATE EXTENSION pg_buffercache;
ALTER VIEW public.pg_buffercache OWNER TO case_owner;
CREATE EXTENSION pg_trgm;
ALTER FUNCTION public.show_limit() OWNER TO case_owner;
ALTER FUNCTION public.show_trgm(text) OWNER TO case_owner;
