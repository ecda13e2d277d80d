CREATE TYPE public.c AS (n numeric(5,2));
CREATE TABLE public.item (n numeric(5,2), l numeric(5,2)[]);
CREATE VIEW public.v AS SELECT 1::numeric(5,2) AS n;
INSERT INTO public.item VALUES (1.5, '{2.5}');
