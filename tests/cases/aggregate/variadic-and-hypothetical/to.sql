CREATE FUNCTION take(state text[], VARIADIC parts text[]) RETURNS text[] LANGUAGE sql IMMUTABLE AS 'SELECT state || parts';
CREATE AGGREGATE taken(VARIADIC text[]) (SFUNC = take, STYPE = text[], INITCOND = '{a}');
CREATE AGGREGATE my_percentile(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
COMMENT ON AGGREGATE my_percentile(double precision ORDER BY anyelement) IS 'the same again';
