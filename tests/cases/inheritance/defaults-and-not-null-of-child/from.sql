CREATE TABLE public.base (id integer DEFAULT 1, n integer);
CREATE TABLE public.special () INHERITS (public.base);
