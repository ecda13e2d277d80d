CREATE FUNCTION public.score(integer, integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, CONSTRAINT account_ok CHECK (public.score(amount) > 0 OR id > 0), PRIMARY KEY (id));
CREATE TABLE public.special (extra text) INHERITS (public.account);
CREATE INDEX special_extra ON public.special (extra);
CREATE INDEX special_c ON public.special (amount);
