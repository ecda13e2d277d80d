CREATE TABLE public.base (id integer, CONSTRAINT c CHECK (id > 0));
CREATE TABLE public.special (extra text) INHERITS (public.base);
