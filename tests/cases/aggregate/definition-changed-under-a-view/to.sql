CREATE TABLE public.item (n integer);
CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '100', COMBINEFUNC = int4pl, PARALLEL = safe);
CREATE VIEW public.v AS SELECT public.total(n) AS t FROM public.item;
COMMENT ON AGGREGATE public.total(integer) IS 'sum';
