CREATE TABLE public.account (id integer NOT NULL, total integer, label text, PRIMARY KEY (id));
CREATE INDEX account_e ON public.account ((total > 0), id) WHERE total > 0;
CREATE INDEX account_c ON public.account (total);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
