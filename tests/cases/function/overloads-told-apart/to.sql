CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION public.f(a text) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 3';
CREATE FUNCTION public.f(a integer, b integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 4';
CREATE VIEW public.v AS SELECT public.f(1) AS a, public.f('x'::text) AS b;
