CREATE TABLE public.base (id integer, CONSTRAINT c CHECK (id > 0));
CREATE TABLE public.special (id integer, extra text);
INSERT INTO public.special VALUES (1, 'a');
