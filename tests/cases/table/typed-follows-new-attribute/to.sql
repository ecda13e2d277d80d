CREATE TYPE public.pair AS (a integer, b text, c boolean);
CREATE TABLE public.pairs OF public.pair;
