CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT label, id, amount FROM public.account WHERE amount > 0;
CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM public.live; END;
CREATE TABLE public.doc (n bigint DEFAULT public.f());
