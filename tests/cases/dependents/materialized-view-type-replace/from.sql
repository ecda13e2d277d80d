CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE MATERIALIZED VIEW public.account_m AS SELECT id, state = 'new' AS x FROM public.account WHERE state = 'new';
CREATE UNIQUE INDEX account_m_id ON public.account_m (id);
CREATE INDEX account_m_x ON public.account_m (x) WHERE id > 0;
COMMENT ON INDEX public.account_m_x IS 'by value';
GRANT SELECT ON public.account_m TO case_reader;
ALTER MATERIALIZED VIEW public.account_m CLUSTER ON account_m_id;
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
