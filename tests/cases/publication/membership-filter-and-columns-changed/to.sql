CREATE TABLE public.a (id integer PRIMARY KEY, n integer, s text);
CREATE TABLE public.b (id integer PRIMARY KEY, n integer);
CREATE TABLE public.c (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.a (id, s) WHERE (n > 1), public.b;
