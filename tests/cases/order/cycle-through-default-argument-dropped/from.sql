CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.g() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';
CREATE FUNCTION public.f(a integer DEFAULT public.g()) RETURNS integer LANGUAGE sql STABLE RETURN a;
CREATE VIEW public.v AS SELECT id, public.f() AS n FROM public.item;
CREATE OR REPLACE FUNCTION public.g() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT max(n) FROM public.v);
