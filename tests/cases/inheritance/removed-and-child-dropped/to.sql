CREATE TABLE public.base (id integer, n integer);
CREATE TABLE public.kid (id integer, n integer, x text);
