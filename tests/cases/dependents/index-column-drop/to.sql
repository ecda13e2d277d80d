CREATE TABLE public.account (id integer NOT NULL, label text, PRIMARY KEY (id));
CREATE INDEX account_e ON public.account ((id > 0), id) WHERE id > 0;
CREATE INDEX account_c ON public.account (id);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
