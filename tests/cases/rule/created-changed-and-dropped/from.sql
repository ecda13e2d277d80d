CREATE TABLE public.item (id integer, n integer);
CREATE TABLE public.log (id integer);
CREATE RULE a AS ON INSERT TO public.item DO ALSO INSERT INTO public.log VALUES (NEW.id);
CREATE RULE gone AS ON DELETE TO public.item DO INSTEAD NOTHING;
