CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE MATERIALIZED VIEW public.account_m AS SELECT id, public.score(amount) > 0 AS x FROM public.account WHERE public.score(amount) > 0;
CREATE UNIQUE INDEX account_m_id ON public.account_m (id);
CREATE INDEX account_m_x ON public.account_m (x) WHERE id > 0;
COMMENT ON INDEX public.account_m_x IS 'by value';
GRANT SELECT ON public.account_m TO case_reader;
ALTER MATERIALIZED VIEW public.account_m CLUSTER ON account_m_id;
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
