CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 2';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, CONSTRAINT account_ok CHECK (public.score(amount) > 0 OR id > 0), PRIMARY KEY (id));
COMMENT ON CONSTRAINT account_ok ON public.account IS 'ok';
