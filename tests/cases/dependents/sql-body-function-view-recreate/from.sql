CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE FUNCTION public.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM public.live; END;
CREATE TABLE public.doc (n bigint DEFAULT public.f());
INSERT INTO public.account VALUES (1, 10, 'a');
