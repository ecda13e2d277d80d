CREATE TABLE public.item (id integer, tags text[]);
CREATE INDEX i ON public.item (id) WITH (deduplicate_items = off);
CREATE INDEX j ON public.item USING gin (tags);
