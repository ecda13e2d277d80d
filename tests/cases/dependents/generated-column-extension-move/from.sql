CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_a;
SET search_path = public, ext_a;
CREATE TABLE public.account (id integer NOT NULL, name ext_a.citext, label text, g boolean GENERATED ALWAYS AS (name = 'x'::citext) STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
INSERT INTO public.account (id, name, label) VALUES (1, 'x', 'a');
