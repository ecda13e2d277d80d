CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_p ON public.account AS RESTRICTIVE FOR UPDATE TO case_reader USING (amount > 0) WITH CHECK (amount > 0);
COMMENT ON POLICY account_p ON public.account IS 'mine';
