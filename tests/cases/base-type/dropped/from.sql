CREATE TYPE public.b;
CREATE FUNCTION public.b_in(cstring) RETURNS public.b LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.b_out(public.b) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.b (INPUT = public.b_in, OUTPUT = public.b_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4);
