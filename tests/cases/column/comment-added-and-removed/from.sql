CREATE TABLE public.item (a integer, b integer);
COMMENT ON COLUMN public.item.a IS 'first';
