CREATE TYPE public.e AS ENUM ('a', 'c');
CREATE DOMAIN public.d AS public.e;
CREATE TABLE public.t (id integer PRIMARY KEY, v public.d);
