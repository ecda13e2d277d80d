CREATE TYPE public.e AS ENUM ('a', 'c');
CREATE TYPE public.p AS (n integer, v public.e);
CREATE TABLE public.t (id integer PRIMARY KEY, v public.p[]);
