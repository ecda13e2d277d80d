CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE MATERIALIZED VIEW public.account_m AS SELECT id, amount AS x FROM public.account WHERE amount > 0;
CREATE UNIQUE INDEX account_m_id ON public.account_m (id);
CREATE INDEX account_m_x ON public.account_m (x) WHERE id > 0;
COMMENT ON INDEX public.account_m_x IS 'by value';
GRANT SELECT ON public.account_m TO case_reader;
ALTER MATERIALIZED VIEW public.account_m CLUSTER ON account_m_id;
