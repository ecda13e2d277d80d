CREATE TABLE public.account (id integer NOT NULL, total integer CONSTRAINT account_key PRIMARY KEY);
CREATE TABLE public.entry (k integer, n integer, CONSTRAINT entry_account FOREIGN KEY (k) REFERENCES public.account (total) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
