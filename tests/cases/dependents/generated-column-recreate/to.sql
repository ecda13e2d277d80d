CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, g boolean GENERATED ALWAYS AS (amount > 0) STORED, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
