CREATE TABLE public.item (id integer, k text, n integer);
CREATE VIEW public.v AS WITH x AS MATERIALIZED (SELECT k, sum(n) AS n FROM public.item GROUP BY GROUPING SETS ((k), ())) SELECT k, n, rank() OVER (ORDER BY n DESC) AS place FROM x;
