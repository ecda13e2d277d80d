CREATE TABLE public.old (a integer DEFAULT 1, b integer, CONSTRAINT a_check CHECK (a > 0));
CREATE TABLE public.new (b integer, c text DEFAULT 'x', CONSTRAINT c_check CHECK (c <> ''));
CREATE TABLE public.kid (d date) INHERITS (public.old);
INSERT INTO public.kid VALUES (1, 2, '2024-01-01');
