DROP SCHEMA public;
CREATE SCHEMA app;
CREATE TABLE app.note (id integer PRIMARY KEY, body text);
