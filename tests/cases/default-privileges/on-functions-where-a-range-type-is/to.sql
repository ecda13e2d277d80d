ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO case_reader;
CREATE TYPE public.span AS RANGE (subtype = integer);
CREATE TYPE public.width AS RANGE (subtype = numeric);
