CREATE TYPE public.old_c AS (a integer);
