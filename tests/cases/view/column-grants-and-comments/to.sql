CREATE TABLE public.item (id integer, state text);
CREATE VIEW public.v AS SELECT id, state FROM public.item;
GRANT SELECT (id, state) ON public.v TO case_reader;
GRANT UPDATE (state) ON public.v TO case_writer;
COMMENT ON COLUMN public.v.state IS 'how it stands';
