CREATE TYPE public.e AS ENUM ('a', 'c');
CREATE TYPE public.r AS RANGE (SUBTYPE = public.e);
CREATE TABLE public.t (id integer PRIMARY KEY, v public.r);
