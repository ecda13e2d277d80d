CREATE TABLE public.item (id integer, state text);
CREATE FUNCTION public.put() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE VIEW public.v AS SELECT state, id FROM public.item;
CREATE TRIGGER v_put INSTEAD OF INSERT ON public.v FOR EACH ROW EXECUTE FUNCTION public.put();
COMMENT ON TRIGGER v_put ON public.v IS 'writes';
CREATE RULE v_del AS ON DELETE TO public.v DO INSTEAD NOTHING;
COMMENT ON RULE v_del ON public.v IS 'deletes nothing';
