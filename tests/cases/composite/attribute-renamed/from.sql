CREATE TYPE public.c AS (a integer, b text);
CREATE TABLE public.item (x public.c, CHECK ((x).b <> ''));
INSERT INTO public.item VALUES ('(1,q)');
