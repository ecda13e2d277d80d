CREATE FUNCTION public.score(integer, integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, g boolean GENERATED ALWAYS AS (public.score(amount) > 0) STORED, PRIMARY KEY (id));
CREATE INDEX account_g ON public.account (g);
COMMENT ON COLUMN public.account.g IS 'computed';
