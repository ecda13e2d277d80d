CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE FUNCTION public.same(a public.account) RETURNS SETOF public.account LANGUAGE plpgsql AS 'BEGIN RETURN NEXT a; END';
CREATE FUNCTION public.label_of(public.account) RETURNS text LANGUAGE sql AS 'SELECT ($1).label';
REVOKE EXECUTE ON FUNCTION public.label_of(public.account) FROM PUBLIC;
COMMENT ON FUNCTION public.label_of(public.account) IS 'label';
