CREATE TYPE public.x AS (a integer);
CREATE TABLE public.item (id integer, c public.x);
CREATE VIEW public.v AS SELECT (c).a FROM public.item;
INSERT INTO public.item VALUES (1, '(2)');
