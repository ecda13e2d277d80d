CREATE TABLE public.item (id integer, n integer);
CREATE VIEW public.v AS SELECT id, n FROM public.item;
CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql STABLE RETURN (SELECT count(*)::integer FROM public.v);
ALTER TABLE public.item ALTER n SET DEFAULT public.f();
CREATE FUNCTION public.ok(integer) RETURNS boolean LANGUAGE sql STABLE RETURN (SELECT count(*) < 100 FROM public.item WHERE id = $1);
ALTER TABLE public.item ADD CONSTRAINT few CHECK (public.ok(id));
ALTER TABLE public.item ADD COLUMN g integer GENERATED ALWAYS AS (id + 1) STORED;
CREATE FUNCTION public.of(public.item) RETURNS integer LANGUAGE sql IMMUTABLE RETURN ($1).id;
CREATE INDEX i ON public.item (public.of(item.*));
