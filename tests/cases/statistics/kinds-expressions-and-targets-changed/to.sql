CREATE TABLE public.t (a bigint, b integer, c text);
CREATE STATISTICS public.s1 (dependencies, mcv) ON a, b FROM public.t;
CREATE STATISTICS public.s2 (ndistinct) ON a, b, c FROM public.t;
CREATE STATISTICS public.s3 (mcv) ON (lower(c)), ((a + b)), b FROM public.t;
ALTER STATISTICS public.s1 SET STATISTICS 10;
COMMENT ON STATISTICS public.s1 IS 's1';
