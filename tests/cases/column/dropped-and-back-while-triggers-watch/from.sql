CREATE TABLE public.person (id integer PRIMARY KEY);
CREATE TABLE public.item (id integer PRIMARY KEY, note text NOT NULL, person integer NOT NULL REFERENCES public.person, slug text NOT NULL UNIQUE);
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing changes here'; END $$;
INSERT INTO public.person VALUES (4);
INSERT INTO public.item VALUES (1, 'a', 4, 'x'), (2, 'b', 4, 'y');
CREATE TRIGGER item_refuse BEFORE UPDATE ON public.item FOR EACH ROW EXECUTE FUNCTION public.refuse();
