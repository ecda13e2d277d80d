CREATE TABLE public.t (c integer PRIMARY KEY, b text, a text);
CREATE TABLE public.other (id integer);
CREATE PUBLICATION p FOR TABLE public.t (c, b), public.other;
INSERT INTO public.other VALUES (1);
