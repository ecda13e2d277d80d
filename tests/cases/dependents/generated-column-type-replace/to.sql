CREATE TYPE public.state AS ENUM ('closed', 'new');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, g boolean GENERATED ALWAYS AS (state = 'new') STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
