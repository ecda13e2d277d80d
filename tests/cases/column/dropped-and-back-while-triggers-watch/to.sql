CREATE TABLE public.person (id integer PRIMARY KEY);
CREATE TABLE public.item (id integer PRIMARY KEY);
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing changes here'; END $$;
CREATE TRIGGER item_refuse BEFORE UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.refuse();
