CREATE TYPE public.pair AS (a integer, b text);
CREATE TABLE public.pairs (a integer, b text);
INSERT INTO public.pairs VALUES (1, 'a');
