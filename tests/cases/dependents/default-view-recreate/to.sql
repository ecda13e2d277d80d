CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE FUNCTION public.f(public.live DEFAULT NULL) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE public.doc (n integer DEFAULT public.f());
