CREATE TYPE public.c AS (a integer);
