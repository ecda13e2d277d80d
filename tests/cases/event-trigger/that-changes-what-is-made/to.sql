CREATE TABLE public.open (id integer PRIMARY KEY);
CREATE FUNCTION public.secure() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    made record;
BEGIN
    FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE TABLE' LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made.object_identity);
    END LOOP;
END $$;
CREATE EVENT TRIGGER secure ON ddl_command_end EXECUTE FUNCTION public.secure();
