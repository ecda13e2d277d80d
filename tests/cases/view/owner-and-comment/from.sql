CREATE VIEW public.v AS SELECT 1 AS one;
COMMENT ON VIEW public.v IS 'a';
