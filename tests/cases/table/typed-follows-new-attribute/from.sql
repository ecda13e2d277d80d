CREATE TYPE public.pair AS (a integer, b text);
CREATE TABLE public.pairs OF public.pair;
INSERT INTO public.pairs VALUES (1, 'a');
