CREATE TABLE public.customer (id integer NOT NULL, total integer, label text, PRIMARY KEY (id));
CREATE FUNCTION public.same(a public.customer) RETURNS SETOF public.customer LANGUAGE plpgsql AS 'BEGIN RETURN NEXT a; END';
CREATE FUNCTION public.label_of(public.customer) RETURNS text LANGUAGE sql AS 'SELECT ($1).label';
REVOKE EXECUTE ON FUNCTION public.label_of(public.customer) FROM PUBLIC;
COMMENT ON FUNCTION public.label_of(public.customer) IS 'label';
