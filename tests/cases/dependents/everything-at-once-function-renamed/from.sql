CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE TABLE public.account (id integer PRIMARY KEY, n integer DEFAULT public.score(1), g integer GENERATED ALWAYS AS (public.score(id)) STORED, CONSTRAINT c CHECK (public.score(n) > 0));
CREATE INDEX i ON public.account (public.score(n)) WHERE public.score(n) > 1;
CREATE STATISTICS public.s ON (public.score(n)), id FROM public.account;
CREATE VIEW public.v AS SELECT public.score(n) AS x FROM public.account;
CREATE MATERIALIZED VIEW public.m AS SELECT public.score(n) AS x FROM public.account;
CREATE POLICY p ON public.account USING (public.score(n) > 0);
INSERT INTO public.account VALUES (1, 2);
