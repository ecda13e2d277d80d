CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TYPE public.t AS ENUM ('a');
REVOKE ALL ON TYPE public.t FROM PUBLIC, postgres;
