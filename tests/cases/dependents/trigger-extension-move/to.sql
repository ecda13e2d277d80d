CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE TRIGGER account_t BEFORE UPDATE OF name, label ON public.account FOR EACH ROW WHEN (NEW.name = 'x'::citext) EXECUTE FUNCTION public.touch();
ALTER TABLE public.account ENABLE ALWAYS TRIGGER account_t;
COMMENT ON TRIGGER account_t ON public.account IS 'touch';
