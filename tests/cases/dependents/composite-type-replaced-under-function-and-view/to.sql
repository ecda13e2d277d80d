CREATE TYPE public.money AS (currency text, amount bigint);
CREATE FUNCTION public.zero() RETURNS public.money LANGUAGE plpgsql IMMUTABLE AS 'DECLARE r public.money; BEGIN RETURN r; END';
CREATE VIEW public.v AS SELECT public.zero() AS z, (public.zero()).amount::bigint AS a;
