CREATE TYPE public.e AS ENUM ('a');
CREATE TABLE public.item (x public.e);
CREATE CAST (public.e AS text) WITH INOUT AS IMPLICIT;
CREATE VIEW public.v AS SELECT length(x) AS n FROM public.item;
