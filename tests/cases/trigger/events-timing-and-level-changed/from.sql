CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE INSERT ON public.item FOR EACH ROW EXECUTE FUNCTION public.f();
COMMENT ON TRIGGER t ON public.item IS 'kept';
