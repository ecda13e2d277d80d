CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';

CREATE TABLE public.base (id integer PRIMARY KEY, n integer);
CREATE TABLE public.kid (x text) INHERITS (public.base);
