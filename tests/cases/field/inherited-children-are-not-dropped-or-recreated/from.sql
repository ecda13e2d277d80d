CREATE TABLE public.base (id integer, CONSTRAINT ok CHECK (id > 0));
CREATE TABLE public.special (x text) INHERITS (public.base);
INSERT INTO public.special (id, x) VALUES (1, 'a');
