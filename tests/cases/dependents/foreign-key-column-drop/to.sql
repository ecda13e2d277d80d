CREATE TABLE public.account (id integer NOT NULL UNIQUE);
CREATE TABLE public.entry (account_id integer, amount integer, CONSTRAINT entry_account FOREIGN KEY (account_id) REFERENCES public.account (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
