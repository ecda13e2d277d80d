CREATE TABLE public.account (id integer PRIMARY KEY, amount integer, label text);
CREATE VIEW public.live AS SELECT id, amount, label FROM public.account WHERE amount > 0;
CREATE FUNCTION public.f(public.live[]) RETURNS SETOF public.live LANGUAGE plpgsql AS 'BEGIN RETURN; END';
REVOKE EXECUTE ON FUNCTION public.f(public.live[]) FROM PUBLIC;
INSERT INTO public.account VALUES (1, 10, 'a');
