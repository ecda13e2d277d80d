CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE INDEX account_e ON public.account ((state = 'new'), id) WHERE state = 'new';
CREATE INDEX account_c ON public.account (state);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
