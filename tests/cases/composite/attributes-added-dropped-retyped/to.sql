CREATE TYPE public.c AS (a integer, d timestamp, e boolean);
