CREATE TABLE public.t (a integer, b text, c date);
CREATE VIEW public.v AS SELECT a, c FROM public.t;
CREATE MATERIALIZED VIEW public.m AS SELECT a FROM public.v;
CREATE VIEW public.w AS SELECT a FROM public.m;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO case_writer;
