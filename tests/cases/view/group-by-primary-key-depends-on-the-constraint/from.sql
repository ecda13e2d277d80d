CREATE TABLE public.item (id integer CONSTRAINT item_pk PRIMARY KEY, name text);
CREATE VIEW public.v AS SELECT id, name, count(*) AS n FROM public.item GROUP BY id;
