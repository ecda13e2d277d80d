CREATE TABLE public.account (id integer NOT NULL UNIQUE, amount integer NOT NULL, UNIQUE (id, amount));
CREATE TABLE public.entry (account_id integer, amount integer, CONSTRAINT entry_account FOREIGN KEY (account_id, amount) REFERENCES public.account (id, amount) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
INSERT INTO public.account VALUES (1, 10);
INSERT INTO public.entry VALUES (1, 10);
