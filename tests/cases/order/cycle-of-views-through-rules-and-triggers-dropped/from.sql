CREATE TABLE public.item (id integer, n integer);
CREATE VIEW public.v AS SELECT id, n FROM public.item;
CREATE VIEW public.w AS SELECT id, n FROM public.item;
CREATE FUNCTION public.into_v() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.w VALUES (NEW.id, NEW.n); RETURN NEW; END';
CREATE FUNCTION public.into_w() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.v VALUES (NEW.id, NEW.n); RETURN NEW; END';
CREATE TRIGGER t INSTEAD OF INSERT ON public.v FOR EACH ROW EXECUTE FUNCTION public.into_v();
CREATE TRIGGER t INSTEAD OF INSERT ON public.w FOR EACH ROW EXECUTE FUNCTION public.into_w();
CREATE RULE r AS ON UPDATE TO public.v DO INSTEAD UPDATE public.w SET n = NEW.n WHERE id = OLD.id;
CREATE RULE r AS ON DELETE TO public.w DO INSTEAD DELETE FROM public.v WHERE id = OLD.id;
