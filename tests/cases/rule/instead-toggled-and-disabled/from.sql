CREATE TABLE public.item (id integer);
CREATE TABLE public.log (id integer);
CREATE RULE a AS ON INSERT TO public.item DO ALSO INSERT INTO public.log VALUES (NEW.id);
