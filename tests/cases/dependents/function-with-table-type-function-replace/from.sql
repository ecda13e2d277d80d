CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE FUNCTION public.same(a public.account, n integer DEFAULT public.score(7)) RETURNS SETOF public.account LANGUAGE plpgsql AS 'BEGIN RETURN NEXT a; END';
CREATE FUNCTION public.label_of(public.account) RETURNS text LANGUAGE sql AS 'SELECT ($1).label';
REVOKE EXECUTE ON FUNCTION public.label_of(public.account) FROM PUBLIC;
COMMENT ON FUNCTION public.label_of(public.account) IS 'label';
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
