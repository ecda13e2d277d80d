DECLARE
    entry jsonb;
    attempt text;
    added bigint;
BEGIN
    FOR entry IN SELECT value FROM pg_catalog.jsonb_array_elements(pg_catalog.current_setting('schemactl.seed')::jsonb) LOOP
        FOR attempt IN SELECT value FROM pg_catalog.jsonb_array_elements_text(entry) LOOP
            BEGIN
                EXECUTE attempt;
                GET DIAGNOSTICS added = ROW_COUNT;
                EXIT WHEN added > 0;
            EXCEPTION WHEN OTHERS THEN
                RAISE DEBUG '%: %', SQLERRM, attempt;
            END;
        END LOOP;
    END LOOP;
END
