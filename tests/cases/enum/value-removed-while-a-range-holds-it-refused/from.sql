CREATE TYPE public.e AS ENUM ('a', 'b', 'c');
CREATE TYPE public.r AS RANGE (SUBTYPE = public.e);
CREATE TABLE public.t (id integer PRIMARY KEY, v public.r);
INSERT INTO public.t VALUES (1, '[a,b]');
