CREATE TYPE public.pair AS (a integer, b text);
CREATE TABLE public.pairs OF public.pair;
