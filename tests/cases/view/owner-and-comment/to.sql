CREATE VIEW public.v AS SELECT 1 AS one;
ALTER VIEW public.v OWNER TO case_owner;
