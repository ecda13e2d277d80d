CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, CONSTRAINT account_ok CHECK (state = 'new' OR id > 0), PRIMARY KEY (id));
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
