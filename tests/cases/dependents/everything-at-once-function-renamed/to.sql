CREATE FUNCTION public.rank_of(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE public.account (id integer PRIMARY KEY, n integer DEFAULT public.rank_of(1), g integer GENERATED ALWAYS AS (public.rank_of(id)) STORED, CONSTRAINT c CHECK (public.rank_of(n) > 0));
CREATE INDEX i ON public.account (public.rank_of(n)) WHERE public.rank_of(n) > 1;
CREATE STATISTICS public.s ON (public.rank_of(n)), id FROM public.account;
CREATE VIEW public.v AS SELECT public.rank_of(n) AS x FROM public.account;
CREATE MATERIALIZED VIEW public.m AS SELECT public.rank_of(n) AS x FROM public.account;
CREATE POLICY p ON public.account USING (public.rank_of(n) > 0);
