CREATE TABLE public.item (id integer, n integer NOT NULL, words text NOT NULL);
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ begin raise exception 'no change'; end $$;
INSERT INTO public.item VALUES (1, 2, 'x');
CREATE TRIGGER refuse BEFORE UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.refuse();
CREATE PUBLICATION p FOR TABLE public.item;
