CREATE FUNCTION public.ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER a ON ddl_command_start EXECUTE FUNCTION public.ev();
CREATE EVENT TRIGGER gone ON sql_drop EXECUTE FUNCTION public.ev();
