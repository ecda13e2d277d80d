CREATE TYPE public.point3 AS (x integer, z integer);
CREATE TABLE public.t (id integer PRIMARY KEY, at public.point3, path public.point3[]);
INSERT INTO public.t VALUES (1, (1, 3), ARRAY[(1, 3)]::public.point3[]);
