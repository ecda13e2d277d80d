CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_p ON public.account AS RESTRICTIVE FOR UPDATE TO case_reader USING (amount > 0) WITH CHECK (amount > 0);
COMMENT ON POLICY account_p ON public.account IS 'mine';
