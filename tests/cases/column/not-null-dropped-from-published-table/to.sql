CREATE TABLE public.item (id integer);
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ begin raise exception 'no change'; end $$;
CREATE TRIGGER refuse BEFORE UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.refuse();
CREATE PUBLICATION p FOR TABLE public.item;
