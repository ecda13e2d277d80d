CREATE EXTENSION pg_trgm;
COMMENT ON FUNCTION public.similarity(text, text) IS 'before';
COMMENT ON FUNCTION public.show_trgm(text) IS 'goes';
CREATE EXTENSION cube;
COMMENT ON TYPE public.cube IS 'a cube of ours';
CREATE EXTENSION hstore;
