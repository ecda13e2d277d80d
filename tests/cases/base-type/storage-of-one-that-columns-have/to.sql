CREATE TYPE public.tt;
CREATE FUNCTION public.tt_in(cstring, oid, integer) RETURNS public.tt LANGUAGE internal STABLE STRICT AS 'varcharin';
CREATE FUNCTION public.tt_out(public.tt) RETURNS cstring LANGUAGE internal STABLE STRICT AS 'varcharout';
CREATE TYPE public.tt (INPUT = public.tt_in, OUTPUT = public.tt_out, STORAGE = main);
CREATE TABLE public.t (c public.tt, own public.tt);
ALTER TABLE public.t ALTER COLUMN own SET STORAGE external;
CREATE TABLE public.p (k integer, c public.tt) PARTITION BY RANGE (k);
CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES FROM (0) TO (10);
CREATE MATERIALIZED VIEW public.m AS SELECT c FROM public.t;
