CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE public.account_0 PARTITION OF public.account FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE public.entry (account_id integer, CONSTRAINT entry_account FOREIGN KEY (account_id) REFERENCES public.account ON DELETE CASCADE);
COMMENT ON CONSTRAINT entry_account ON public.entry IS 'kept';
