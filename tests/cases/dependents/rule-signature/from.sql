CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
CREATE TABLE public.account_log (id integer);
CREATE RULE account_r AS ON UPDATE TO public.account WHERE public.score(OLD.amount) > 0 DO ALSO INSERT INTO public.account_log VALUES (OLD.id);
ALTER TABLE public.account DISABLE RULE account_r;
COMMENT ON RULE account_r ON public.account IS 'log';
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
