CREATE EXTENSION citext;
COMMENT ON EXTENSION citext IS 'ours';
REVOKE EXECUTE ON FUNCTION public.citext_eq(public.citext, public.citext) FROM PUBLIC;
