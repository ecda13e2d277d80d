CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, CONSTRAINT account_ok CHECK (amount > 0 OR id > 0), PRIMARY KEY (id));
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
