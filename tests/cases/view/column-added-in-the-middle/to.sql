CREATE TABLE public.item (id integer, name text, n integer);
CREATE VIEW public.v AS SELECT id, n, name FROM public.item;
COMMENT ON VIEW public.v IS 'kept';
COMMENT ON COLUMN public.v.name IS 'kept too';
GRANT SELECT ON public.v TO case_reader;
