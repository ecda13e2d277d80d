CREATE TABLE public.account (id integer NOT NULL, amount bigint, label text, g boolean GENERATED ALWAYS AS (amount > 0) STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
