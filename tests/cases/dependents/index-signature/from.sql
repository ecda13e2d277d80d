CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE INDEX account_e ON public.account ((public.score(amount) > 0), id) WHERE public.score(amount) > 0;
CREATE INDEX account_c ON public.account (amount);
COMMENT ON INDEX public.account_e IS 'expression';
ALTER INDEX public.account_e ALTER COLUMN 1 SET STATISTICS 300;
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
