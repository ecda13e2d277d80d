CREATE TABLE public.base (id integer, CONSTRAINT ok CHECK (id > 0));
CREATE TABLE public.special (x text) INHERITS (public.base);
ALTER TABLE public.base ADD note text NOT NULL DEFAULT '';
