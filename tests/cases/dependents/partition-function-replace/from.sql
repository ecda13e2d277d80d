CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer, amount integer, label text) PARTITION BY RANGE (id);
CREATE TABLE public.account_1 PARTITION OF public.account (CONSTRAINT own CHECK (public.score(amount) > 0 OR id > 0)) FOR VALUES FROM (1) TO (100);
CREATE TABLE public.ledger (n integer) PARTITION BY LIST (public.score(n));
CREATE TABLE public.ledger_1 PARTITION OF public.ledger DEFAULT;
INSERT INTO public.account (id, amount, label) VALUES (1, 10, 'a');
