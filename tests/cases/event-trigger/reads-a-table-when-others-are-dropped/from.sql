CREATE SCHEMA app;
CREATE TABLE app.watched (name text PRIMARY KEY);
CREATE TABLE app.a_first (i int);
CREATE TABLE app.z_last (i int);
CREATE FUNCTION app.on_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM app.watched JOIN app.z_last ON true;
END
$$;
CREATE EVENT TRIGGER app_on_drop ON sql_drop EXECUTE FUNCTION app.on_drop();
COMMENT ON EVENT TRIGGER app_on_drop IS 'reads';
