CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX account_e ON public.account ((amount > 0), id) WHERE amount > 0;
CREATE INDEX account_c ON public.account (amount);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
