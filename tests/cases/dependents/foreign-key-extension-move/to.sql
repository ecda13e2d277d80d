CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext CONSTRAINT account_key PRIMARY KEY);
CREATE TABLE public.entry (k ext_b.citext, n integer, CONSTRAINT entry_account FOREIGN KEY (k) REFERENCES public.account (name) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
