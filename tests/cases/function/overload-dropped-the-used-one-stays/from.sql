CREATE FUNCTION public.f(a text) RETURNS integer LANGUAGE sql AS 'SELECT 2';
CREATE FUNCTION public.f(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE TABLE public.item (n integer DEFAULT public.f(1));
