CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE TABLE public.account_log (id integer);
CREATE RULE account_r AS ON UPDATE TO public.account WHERE OLD.name = 'x'::citext DO ALSO INSERT INTO public.account_log VALUES (OLD.id);
ALTER TABLE public.account DISABLE RULE account_r;
COMMENT ON RULE account_r ON public.account IS 'log';
