CREATE PROCEDURE public.p(a integer) LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE PROCEDURE public.p(a text, OUT b integer) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE public.p(text) IS 'the one with OUT';
GRANT EXECUTE ON PROCEDURE public.p(a text, OUT b integer) TO case_reader;
