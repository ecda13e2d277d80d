CREATE TABLE public.item (n integer);
CREATE AGGREGATE public.total(integer) (SFUNC = int4pl, STYPE = integer);
CREATE VIEW public.v AS SELECT public.total(n) AS t FROM public.item;
COMMENT ON AGGREGATE public.total(integer) IS 'sum';
