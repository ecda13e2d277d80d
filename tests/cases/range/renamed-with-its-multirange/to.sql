CREATE SCHEMA app;
CREATE TYPE app.stretch AS RANGE (SUBTYPE = double precision);
CREATE TABLE app.kept (taken app.stretch_multirange) PARTITION BY LIST (taken);
CREATE TABLE app.kept_all PARTITION OF app.kept DEFAULT;
CREATE VIEW app.ends AS SELECT app.stretch_multirange(app.stretch(1, 2)) AS made;
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.stretch, many app.stretch_multirange);
