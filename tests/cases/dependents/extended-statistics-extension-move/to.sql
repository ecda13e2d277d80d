CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE STATISTICS public.account_s (dependencies, mcv) ON (name = 'x'::citext), id, label FROM public.account;
ALTER STATISTICS public.account_s SET STATISTICS 200;
COMMENT ON STATISTICS public.account_s IS 'together';
ALTER STATISTICS public.account_s OWNER TO case_owner;
