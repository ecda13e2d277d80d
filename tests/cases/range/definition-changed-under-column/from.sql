CREATE TYPE public.r AS RANGE (SUBTYPE = float8);
CREATE TABLE public.item (a public.r);
CREATE INDEX item_a ON public.item USING gist (a);
INSERT INTO public.item VALUES ('[1,2)');
