CREATE PROCEDURE tidy(INOUT n integer, VARIADIC names text[]) LANGUAGE plpgsql AS $$ BEGIN n := 1; END $$;
CREATE PROCEDURE tidy(n bigint) LANGUAGE sql SECURITY DEFINER SET work_mem = '8MB' AS 'SELECT 1';
GRANT EXECUTE ON PROCEDURE tidy(bigint) TO case_reader;
COMMENT ON PROCEDURE tidy(bigint) IS 'tidies';
