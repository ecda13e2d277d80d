CREATE FUNCTION public.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE public.account (id integer NOT NULL, amount bigint, label text, PRIMARY KEY (id));
CREATE TRIGGER account_t BEFORE UPDATE OF amount, label ON public.account FOR EACH ROW WHEN (NEW.amount > 0) EXECUTE FUNCTION public.touch();
ALTER TABLE public.account ENABLE ALWAYS TRIGGER account_t;
COMMENT ON TRIGGER account_t ON public.account IS 'touch';
