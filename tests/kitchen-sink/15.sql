-- What PostgreSQL 15 brought.
CREATE TABLE app.fifteen (a integer, b integer, UNIQUE NULLS NOT DISTINCT (a));
CREATE UNIQUE INDEX fifteen_b ON app.fifteen (b) NULLS NOT DISTINCT;
CREATE TABLE app.set_some (a integer, b integer, FOREIGN KEY (a) REFERENCES app.fifteen (a) ON DELETE SET NULL (a));
CREATE VIEW app.of_invoker WITH (security_invoker = true) AS SELECT a FROM app.fifteen;
CREATE PUBLICATION pub_columns FOR TABLE app.plain (id, code) WHERE (id > 3);
CREATE PUBLICATION pub_schema FOR TABLES IN SCHEMA op;
CREATE SUBSCRIPTION sub_two_phase CONNECTION 'host=nowhere' PUBLICATION a WITH (connect = false, slot_name = NONE, two_phase = true, disable_on_error = true);
CREATE UNLOGGED SEQUENCE app.fleeting;
