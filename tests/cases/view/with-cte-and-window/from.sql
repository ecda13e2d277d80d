CREATE TABLE public.item (id integer, k text, n integer);
CREATE VIEW public.v AS WITH x AS (SELECT k, sum(n) AS n FROM public.item GROUP BY k) SELECT k, n FROM x;
