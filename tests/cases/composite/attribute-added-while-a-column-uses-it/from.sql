CREATE TYPE public.c AS (a integer);
CREATE TABLE public.item (id integer, x public.c, l public.c[]);
INSERT INTO public.item VALUES (1, '(1)', ARRAY[ROW(2)]::public.c[]);
