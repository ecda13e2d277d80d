CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_p ON public.account AS RESTRICTIVE FOR UPDATE TO case_reader USING (name = 'x'::citext) WITH CHECK (name = 'x'::citext);
COMMENT ON POLICY account_p ON public.account IS 'mine';
