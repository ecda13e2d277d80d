CREATE TYPE public.z AS ENUM ('a');
CREATE DOMAIN public.y AS public.z CHECK (VALUE IS NOT NULL);
CREATE TYPE public.x AS (many public.y[], one public.z);
CREATE DOMAIN public.w AS public.x[];
CREATE TABLE public.a (c public.w, d public.x);
CREATE FUNCTION public.b(public.w) RETURNS SETOF public.a LANGUAGE plpgsql AS 'BEGIN RETURN; END';
