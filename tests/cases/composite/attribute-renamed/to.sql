CREATE TYPE public.c AS (a integer, z text);
CREATE TABLE public.item (x public.c, CHECK ((x).z <> ''));
