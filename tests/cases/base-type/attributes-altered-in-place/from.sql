CREATE TYPE public.b;
CREATE FUNCTION public.b_in(cstring) RETURNS public.b LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.b_out(public.b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION public.b_send(public.b) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
CREATE TYPE public.b (INPUT = public.b_in, OUTPUT = public.b_out, STORAGE = plain);
