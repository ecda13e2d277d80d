CREATE TYPE public.e AS ENUM ('a', 'b', 'c');
CREATE DOMAIN public.d AS public.e;
CREATE TABLE public.t (id integer PRIMARY KEY, v public.d);
INSERT INTO public.t VALUES (1, 'a'), (2, 'b');
