CREATE TABLE public.base (id integer, gone text);
CREATE TABLE public.special (extra text) INHERITS (public.base);
INSERT INTO public.base VALUES (1, 'a');
INSERT INTO public.special VALUES (2, 'b', 'c');
