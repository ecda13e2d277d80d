CREATE TYPE public.near;
CREATE FUNCTION public.near_in(cstring) RETURNS public.near LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION public.near_out(public.near) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE public.near (INPUT = public.near_in, OUTPUT = public.near_out, LIKE = integer);
CREATE TYPE public.far;
CREATE FUNCTION public.far_in(cstring) RETURNS public.far LANGUAGE internal IMMUTABLE STRICT AS 'int8in';
CREATE FUNCTION public.far_out(public.far) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int8out';
CREATE TYPE public.far (INPUT = public.far_in, OUTPUT = public.far_out, LIKE = bigint);
-- Functions under the names of the types, each taking the other.
CREATE FUNCTION public.near(public.far) RETURNS public.near LANGUAGE internal IMMUTABLE STRICT AS 'int84';
CREATE FUNCTION public.far(public.near) RETURNS public.far LANGUAGE internal IMMUTABLE STRICT AS 'int48';
CREATE CAST (public.near AS public.far) WITH FUNCTION public.far(public.near) AS IMPLICIT;
CREATE CAST (public.far AS public.near) WITH FUNCTION public.near(public.far) AS ASSIGNMENT;
