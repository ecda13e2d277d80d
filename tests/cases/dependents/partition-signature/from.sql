CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE TABLE public.account (id integer, amount integer, label text) PARTITION BY LIST (public.score(amount));
CREATE TABLE public.account_1 PARTITION OF public.account DEFAULT;
