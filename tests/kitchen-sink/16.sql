-- What PostgreSQL 16 brought.
CREATE COLLATION types.ruled (PROVIDER = icu, LOCALE = 'und', RULES = '&a < g');
GRANT sink_owner TO sink_member WITH INHERIT FALSE, SET TRUE;
CREATE TABLE app.sixteen (a text STORAGE external);
CREATE SUBSCRIPTION sub_origin CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, origin = none, password_required = false, run_as_owner = true, streaming = parallel);
