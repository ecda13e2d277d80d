CREATE TABLE public.a (id integer PRIMARY KEY, n integer, s text);
CREATE TABLE public.b (id integer PRIMARY KEY, n integer);
CREATE TABLE public.c (id integer PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.a WHERE (n > 0), public.b (id), public.c;
