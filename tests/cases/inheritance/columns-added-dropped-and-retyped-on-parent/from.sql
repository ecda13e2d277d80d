CREATE TABLE public.base (id integer NOT NULL, n integer DEFAULT 1, gone text, CONSTRAINT c CHECK (n > 0));
CREATE TABLE public.kid (x text) INHERITS (public.base);
CREATE TABLE public.grand (y text) INHERITS (public.kid);
INSERT INTO public.grand (id, n) VALUES (1, 2);
