CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE FUNCTION public.ok(public.live) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE public.doc (n integer, CONSTRAINT c CHECK (public.ok(NULL)));
INSERT INTO public.account VALUES (1, 10, 'a');
