CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, CONSTRAINT account_ok CHECK (state = 'new' OR id > 0), PRIMARY KEY (id));
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
