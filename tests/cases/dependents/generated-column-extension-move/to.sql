CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, g boolean GENERATED ALWAYS AS (name = 'x'::citext) STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
