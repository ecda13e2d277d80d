CREATE TYPE public.tt;
CREATE FUNCTION public.tt_in(cstring, oid, integer) RETURNS public.tt LANGUAGE internal STABLE STRICT AS 'varcharin';
CREATE FUNCTION public.tt_out(public.tt) RETURNS cstring LANGUAGE internal STABLE STRICT AS 'varcharout';
CREATE FUNCTION public.tt_tin(cstring[]) RETURNS integer LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION public.tt_tout(integer) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE public.tt (INPUT = public.tt_in, OUTPUT = public.tt_out, TYPMOD_IN = public.tt_tin, TYPMOD_OUT = public.tt_tout, DEFAULT = 'abc');
CREATE TABLE public.t (id integer, a public.tt, b public.tt(5), c public.tt[], d public.tt(5)[] NOT NULL);
INSERT INTO public.t VALUES (1, 'abc', 'abc', '{abc}', '{abc,d}');
