CREATE TABLE guarded (name text PRIMARY KEY);
CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.guarded) THEN
    RAISE EXCEPTION 'something is guarded';
  END IF;
END $$;
CREATE EVENT TRIGGER guard ON sql_drop EXECUTE FUNCTION guard();
