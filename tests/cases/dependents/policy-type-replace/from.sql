CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
ALTER TABLE public.account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_p ON public.account AS RESTRICTIVE FOR UPDATE TO case_reader USING (state = 'new') WITH CHECK (state = 'new');
COMMENT ON POLICY account_p ON public.account IS 'mine';
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
