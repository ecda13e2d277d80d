CREATE PROCEDURE tidy(INOUT n integer, INOUT m integer, VARIADIC names text[]) LANGUAGE plpgsql AS $$ BEGIN n := 1; END $$;
CREATE PROCEDURE tidy(n bigint) LANGUAGE sql SET search_path = pg_catalog, public AS 'SELECT 2';
REVOKE EXECUTE ON PROCEDURE tidy(bigint) FROM PUBLIC;
ALTER PROCEDURE tidy(bigint) OWNER TO case_owner;
CREATE PROCEDURE tidy_up(n bigint, OUT done boolean) LANGUAGE plpgsql AS $$ BEGIN done := true; END $$;
