CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, CONSTRAINT account_ok CHECK (amount > 0 OR id > 0), PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
