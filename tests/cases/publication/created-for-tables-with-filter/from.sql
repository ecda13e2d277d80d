CREATE TABLE public.a (id integer PRIMARY KEY, n integer, s text);
CREATE TABLE public.b (id integer PRIMARY KEY);
