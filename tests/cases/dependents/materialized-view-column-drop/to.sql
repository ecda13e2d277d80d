CREATE TABLE public.account (id integer NOT NULL, label text, PRIMARY KEY (id));
CREATE MATERIALIZED VIEW public.account_m AS SELECT id, id AS x FROM public.account WHERE id > 0;
CREATE UNIQUE INDEX account_m_id ON public.account_m (id);
CREATE INDEX account_m_x ON public.account_m (x) WHERE id > 0;
COMMENT ON INDEX public.account_m_x IS 'by value';
GRANT SELECT ON public.account_m TO case_reader;
ALTER MATERIALIZED VIEW public.account_m CLUSTER ON account_m_id;
