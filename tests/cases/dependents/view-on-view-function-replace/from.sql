CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE VIEW public.account_v AS SELECT id, public.score(amount) > 0 AS x FROM public.account WHERE public.score(amount) > 0;
CREATE VIEW public.account_vv AS SELECT id, x FROM public.account_v WHERE x IS NOT NULL;
COMMENT ON VIEW public.account_vv IS 'on a view';
COMMENT ON COLUMN public.account_vv.x IS 'the value';
GRANT SELECT ON public.account_vv TO case_reader;
ALTER VIEW public.account_v OWNER TO case_owner;
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
