CREATE FUNCTION public.old_f(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT a';
CREATE TABLE public.item (n integer CHECK (public.old_f(n) > 0));
INSERT INTO public.item VALUES (1);
