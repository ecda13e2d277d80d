CREATE FUNCTION public.f(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'select a + b';
CREATE VIEW public.v AS SELECT public.f(1) AS x;
