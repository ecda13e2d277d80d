CREATE TYPE public.state AS ENUM ('a', 'c');
CREATE DOMAIN public.good_state AS public.state DEFAULT 'a' CHECK (VALUE <> 'c');
CREATE TYPE public.pair AS (s public.state, n integer);
CREATE TABLE public.item (id integer, l public.state[] DEFAULT '{a}', d public.good_state, p public.pair);
CREATE FUNCTION public.f(public.state, public.state[]) RETURNS SETOF public.state LANGUAGE plpgsql AS 'BEGIN RETURN NEXT $1; END';
