CREATE TYPE public.name AS (last text, first text);
CREATE TABLE public.t (id integer PRIMARY KEY, n public.name CHECK ((n).first = 'Ada'));
