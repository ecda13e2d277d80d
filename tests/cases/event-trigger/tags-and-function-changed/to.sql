CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION watch_more() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER on_drop ON sql_drop WHEN TAG IN ('DROP FUNCTION') EXECUTE FUNCTION watch_more();
COMMENT ON EVENT TRIGGER on_drop IS 'looks on functions';
CREATE EVENT TRIGGER on_rewrite ON table_rewrite EXECUTE FUNCTION watch();
ALTER EVENT TRIGGER on_rewrite ENABLE ALWAYS;
