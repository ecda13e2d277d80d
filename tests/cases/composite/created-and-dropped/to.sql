CREATE TYPE public.c AS (a integer, "B" text COLLATE "C", l numeric(5,2)[]);
COMMENT ON TYPE public.c IS 'c';
COMMENT ON COLUMN public.c.a IS 'first';
