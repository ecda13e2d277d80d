CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE INDEX account_e ON public.account ((name = 'x'::citext), id) WHERE name = 'x'::citext;
CREATE INDEX account_c ON public.account (name);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
