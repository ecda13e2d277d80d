CREATE SCHEMA ext_a;
CREATE SCHEMA ext_b;
CREATE EXTENSION citext SCHEMA ext_a;
SET search_path = public, ext_a;
CREATE TABLE public.account (id integer NOT NULL, name ext_a.citext, label text, PRIMARY KEY (id));
CREATE FUNCTION public.account_count(a integer) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM public.account WHERE account.name = 'x'::citext AND account.id > a; END;
CREATE VIEW public.account_number AS SELECT public.account_count(0) AS n;
GRANT EXECUTE ON FUNCTION public.account_count(integer) TO case_reader;
INSERT INTO public.account (id, name, label) VALUES (1, 'x', 'a');
