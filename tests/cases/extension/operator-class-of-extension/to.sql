CREATE TABLE public.item (name text);
CREATE EXTENSION pg_trgm;
CREATE INDEX item_name ON public.item USING gin (name public.gin_trgm_ops);
