CREATE TABLE public.account (id integer NOT NULL, total integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_p ON public.account AS RESTRICTIVE FOR UPDATE TO case_reader USING (total > 0) WITH CHECK (total > 0);
COMMENT ON POLICY account_p ON public.account IS 'mine';
