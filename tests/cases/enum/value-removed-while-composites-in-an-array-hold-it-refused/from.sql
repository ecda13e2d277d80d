CREATE TYPE public.e AS ENUM ('a', 'b', 'c');
CREATE TYPE public.p AS (n integer, v public.e);
CREATE TABLE public.t (id integer PRIMARY KEY, v public.p[]);
INSERT INTO public.t VALUES (1, ARRAY[(1, 'a')::public.p, (1, 'b')::public.p]);
