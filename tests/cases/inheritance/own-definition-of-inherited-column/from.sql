CREATE TABLE public.base (id integer, n integer);
CREATE TABLE public.special (n integer) INHERITS (public.base);
