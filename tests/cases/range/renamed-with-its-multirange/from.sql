CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision);
CREATE TABLE app.kept (taken app.span_multirange) PARTITION BY LIST (taken);
CREATE TABLE app.kept_all PARTITION OF app.kept DEFAULT;
CREATE VIEW app.ends AS SELECT app.span_multirange(app.span(1, 2)) AS made;
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.span, many app.span_multirange);
INSERT INTO app.booking VALUES (1, '[1,2]', '{[1,2]}'), (2, '[3,4)', '{[3,4)}');
INSERT INTO app.kept VALUES ('{[1,2]}');
