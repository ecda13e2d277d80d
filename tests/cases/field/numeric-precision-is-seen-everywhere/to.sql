CREATE TYPE public.c AS (n numeric(7,2));
CREATE TABLE public.item (n numeric(7,2), l numeric(7,2)[]);
CREATE VIEW public.v AS SELECT 1::numeric(7,2) AS n;
