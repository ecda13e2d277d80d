CREATE TYPE public.c AS (a bigint, b text);
CREATE TABLE public.item (id integer, x public.c);
