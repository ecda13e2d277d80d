CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, g boolean GENERATED ALWAYS AS (state = 'new') STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
