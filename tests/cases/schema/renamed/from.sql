CREATE SCHEMA old_app;
CREATE TABLE old_app.a (id serial PRIMARY KEY, n integer);
CREATE VIEW old_app.v AS SELECT id FROM old_app.a;
CREATE FUNCTION old_app.f(old_app.a) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
INSERT INTO old_app.a (n) VALUES (1), (2);
