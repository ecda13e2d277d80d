CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE TABLE public.account_log (id integer);
CREATE RULE account_r AS ON UPDATE TO public.account WHERE OLD.state = 'new' DO ALSO INSERT INTO public.account_log VALUES (OLD.id);
ALTER TABLE public.account DISABLE RULE account_r;
COMMENT ON RULE account_r ON public.account IS 'log';
