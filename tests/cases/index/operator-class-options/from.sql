CREATE TABLE public.item (doc tsvector);
CREATE INDEX i ON public.item USING gist (doc tsvector_ops (siglen = 100));
