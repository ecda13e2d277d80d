CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE FUNCTION public.put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t INSTEAD OF UPDATE ON public.live FOR EACH ROW EXECUTE FUNCTION public.put();
COMMENT ON TRIGGER t ON public.live IS 'kept';
