CREATE FUNCTION public.score(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 2';
CREATE TABLE public.account (id integer NOT NULL, amount integer, label text, PRIMARY KEY (id));
ALTER TABLE public.account ALTER amount SET DEFAULT public.score(7);
ALTER TABLE public.account ALTER label SET DEFAULT 'none';
