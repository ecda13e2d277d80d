CREATE TABLE public.item (id integer, name text, CONSTRAINT item_pk PRIMARY KEY (id) INCLUDE (name));
CREATE VIEW public.v AS SELECT id, name, count(*) AS n FROM public.item GROUP BY id;
