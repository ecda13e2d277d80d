CREATE TABLE public.item (id integer, n integer);
CREATE TABLE public.log (id integer);
CREATE RULE a AS ON INSERT TO public.item WHERE NEW.n > 0 DO ALSO (INSERT INTO public.log VALUES (NEW.id); INSERT INTO public.log VALUES (NEW.n));
CREATE RULE b AS ON UPDATE TO public.item DO ALSO NOTIFY changed;
COMMENT ON RULE b ON public.item IS 'tells';
