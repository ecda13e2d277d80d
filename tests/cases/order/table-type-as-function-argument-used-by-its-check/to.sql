CREATE TABLE public.item (id integer, n integer);
CREATE FUNCTION public.ok(public.item) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).n > 0';
ALTER TABLE public.item ADD CONSTRAINT ok CHECK (public.ok(item.*));
