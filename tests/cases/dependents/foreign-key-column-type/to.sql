CREATE TABLE public.account (id integer NOT NULL, amount bigint CONSTRAINT account_key PRIMARY KEY);
CREATE TABLE public.entry (k bigint, n integer, CONSTRAINT entry_account FOREIGN KEY (k) REFERENCES public.account (amount) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
