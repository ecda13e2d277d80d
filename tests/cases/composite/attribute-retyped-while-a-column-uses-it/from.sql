CREATE TYPE public.c AS (a integer, b text);
CREATE TABLE public.item (id integer, x public.c);
INSERT INTO public.item VALUES (1, '(1,a)');
