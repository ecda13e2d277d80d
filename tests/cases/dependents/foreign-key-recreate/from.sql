CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE TABLE public.entry (account_id integer, CONSTRAINT entry_account FOREIGN KEY (account_id) REFERENCES public.account ON DELETE CASCADE);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
