CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE public.account_log (id integer);
CREATE RULE account_r AS ON UPDATE TO public.account WHERE OLD.amount > 0 DO ALSO INSERT INTO public.account_log VALUES (OLD.id);
COMMENT ON RULE account_r ON public.account IS 'log';
