CREATE TYPE public.r AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE public.item (a public.r);
CREATE INDEX item_a ON public.item USING gist (a);
