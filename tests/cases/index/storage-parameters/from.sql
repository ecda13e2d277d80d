CREATE TABLE public.item (id integer, tags text[]);
CREATE INDEX i ON public.item (id) WITH (fillfactor = 60);
CREATE INDEX j ON public.item USING gin (tags) WITH (fastupdate = off);
