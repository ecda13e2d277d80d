CREATE TABLE public.account (id integer NOT NULL, total integer, label text, CONSTRAINT account_ok CHECK (total > 0 OR id > 0), PRIMARY KEY (id));
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
