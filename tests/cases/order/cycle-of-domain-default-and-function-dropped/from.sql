CREATE DOMAIN public.d AS integer;
CREATE FUNCTION public.first() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
ALTER DOMAIN public.d SET DEFAULT public.first();
CREATE TABLE public.item (a public.d);
CREATE OR REPLACE FUNCTION public.first() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT max(a)::integer FROM public.item);
