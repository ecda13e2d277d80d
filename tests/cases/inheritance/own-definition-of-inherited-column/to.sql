CREATE TABLE public.base (id integer, n integer);
CREATE TABLE public.special () INHERITS (public.base);
