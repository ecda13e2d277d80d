CREATE TYPE public.state AS ENUM ('new', 'open', 'closed');
CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE public.account (id integer NOT NULL, state public.state, label text, PRIMARY KEY (id));
CREATE TRIGGER account_t BEFORE UPDATE OF state, label ON public.account FOR EACH ROW WHEN (NEW.state = 'new') EXECUTE FUNCTION public.touch();
ALTER TABLE public.account ENABLE ALWAYS TRIGGER account_t;
COMMENT ON TRIGGER account_t ON public.account IS 'touch';
INSERT INTO public.account (id, state, label) VALUES (1, 'closed', 'a');
