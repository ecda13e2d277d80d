CREATE TABLE public.item (id integer, state text);
CREATE VIEW public.v AS SELECT id, state FROM public.item;
GRANT SELECT (id), UPDATE (state) ON public.v TO case_reader;
COMMENT ON COLUMN public.v.id IS 'number';
ALTER VIEW public.v OWNER TO case_owner;
