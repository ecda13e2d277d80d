CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE FUNCTION public.account_count(a integer) RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM public.account WHERE account.state = 'new' AND account.id > a; END;
CREATE VIEW public.account_number AS SELECT public.account_count(0) AS n;
GRANT EXECUTE ON FUNCTION public.account_count(integer) TO case_reader;
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
