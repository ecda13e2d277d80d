CREATE TABLE public.base (id integer);
CREATE TABLE public.special (extra text) INHERITS (public.base);
INSERT INTO public.special VALUES (1, 'a');
