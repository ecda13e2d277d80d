CREATE AGGREGATE public.hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL
);
COMMENT ON AGGREGATE public.hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") IS 'ranks';
REVOKE EXECUTE ON FUNCTION public.hypothetical(VARIADIC "any") FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.hypothetical(VARIADIC "any") TO case_reader;
ALTER AGGREGATE public.hypothetical(VARIADIC "any" ORDER BY VARIADIC "any") OWNER TO case_owner;
