CREATE TABLE public.account (id integer NOT NULL, amount integer CONSTRAINT account_key PRIMARY KEY);
CREATE TABLE public.entry (k integer, n integer, CONSTRAINT entry_account FOREIGN KEY (k) REFERENCES public.account (amount) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
INSERT INTO public.account VALUES (1, 10);
INSERT INTO public.entry VALUES (10, 1);
