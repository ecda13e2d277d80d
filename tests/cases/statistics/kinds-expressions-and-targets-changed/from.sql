CREATE TABLE public.t (a integer, b integer, c text);
CREATE STATISTICS public.s1 ON a, b FROM public.t;
CREATE STATISTICS public.s2 (ndistinct) ON a, b, c FROM public.t;
CREATE STATISTICS public.s3 ON (lower(c)) FROM public.t;
ALTER STATISTICS public.s2 SET STATISTICS 50;
COMMENT ON STATISTICS public.s1 IS 's1';
