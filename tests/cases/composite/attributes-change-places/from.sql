CREATE TYPE public.name AS (first text, last text);
CREATE TABLE public.t (id integer PRIMARY KEY, n public.name CHECK ((n).first = 'Ada'));
INSERT INTO public.t VALUES (1, ('Ada', 'Lovelace')), (2, NULL), (3, ('Ada', NULL));
