CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_b;
SET search_path = public, ext_b;
CREATE TABLE public.account (id integer NOT NULL, name ext_b.citext, label text, PRIMARY KEY (id));
CREATE FUNCTION public.account_count(a integer) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM public.account WHERE account.name = 'x'::citext AND account.id > a; END;
CREATE VIEW public.account_number AS SELECT public.account_count(0) AS n;
GRANT EXECUTE ON FUNCTION public.account_count(integer) TO case_reader;
