CREATE FUNCTION public.score(integer, integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE TABLE public.account (id integer, amount integer, label text) PARTITION BY LIST (public.score(amount));
CREATE TABLE public.account_1 PARTITION OF public.account DEFAULT;
