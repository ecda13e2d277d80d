CREATE SCHEMA a;
CREATE FUNCTION a.refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no % here'', tg_tag; END';
CREATE TABLE a.u (id integer PRIMARY KEY);
CREATE TABLE a.t (id integer, b integer, CONSTRAINT positive CHECK (b > 0), CONSTRAINT known FOREIGN KEY (b) REFERENCES a.u);
CREATE EVENT TRIGGER keeps ON ddl_command_start WHEN TAG IN ('ALTER TABLE', 'CREATE INDEX') EXECUTE FUNCTION a.refuse();
COMMENT ON EVENT TRIGGER keeps IS 'as it is';
