CREATE TYPE public.point3 AS (x bigint, y integer, z integer);
CREATE TABLE public.t (id integer PRIMARY KEY, at public.point3, path public.point3[]);
