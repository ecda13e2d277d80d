CREATE TABLE public.item (id integer, n integer, m integer);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t BEFORE UPDATE OF n ON public.item FOR EACH ROW EXECUTE FUNCTION public.f();
