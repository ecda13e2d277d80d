CREATE TYPE public.c AS (a integer, b text);
CREATE TABLE public.item (id integer, x public.c, l public.c[]);
