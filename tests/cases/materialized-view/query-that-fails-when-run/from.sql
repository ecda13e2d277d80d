CREATE TABLE public.item (id integer, n integer);
CREATE MATERIALIZED VIEW public.m AS SELECT 1 / 0 AS x WITH NO DATA;
