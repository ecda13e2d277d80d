CREATE SCHEMA other;
CREATE TYPE public.span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = public.spans);
CREATE TABLE public.t (a public.spans, b public.spans[]);
CREATE TABLE other.t (a public.spans);
