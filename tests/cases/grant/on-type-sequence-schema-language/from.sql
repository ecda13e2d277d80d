CREATE TYPE public.t AS ENUM ('a');
CREATE SEQUENCE public.s;
CREATE SCHEMA app;
GRANT USAGE ON TYPE public.t TO case_reader;
GRANT SELECT ON SEQUENCE public.s TO case_reader;
GRANT CREATE ON SCHEMA app TO case_writer;
