CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select a';
CREATE VIEW public.v AS SELECT public.f(1) AS x, 2 AS y;
