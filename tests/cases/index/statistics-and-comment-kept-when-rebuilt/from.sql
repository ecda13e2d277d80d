CREATE TABLE public.item (id integer, n integer);
CREATE INDEX i ON public.item ((id * 2));
ALTER INDEX public.i ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX public.i IS 'twice';
