CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE FUNCTION public.ix(integer, public.live DEFAULT NULL) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE public.doc (n integer);
CREATE INDEX i ON public.doc (public.ix(n));
INSERT INTO public.account VALUES (1, 10, 'a');
