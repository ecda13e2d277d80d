CREATE TYPE public.c AS (a integer, b text, d date);
