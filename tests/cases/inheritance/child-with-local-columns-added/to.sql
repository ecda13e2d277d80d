CREATE TABLE public.base (id integer, n integer, CONSTRAINT c CHECK (id > 0));
CREATE TABLE public.kid (id integer, n integer, x text, CONSTRAINT c CHECK (id > 0)) INHERITS (public.base);
