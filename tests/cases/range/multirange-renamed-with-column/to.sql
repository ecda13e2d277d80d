CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = app.times);
CREATE TABLE app.booking (id integer PRIMARY KEY, taken app.times DEFAULT '{[0,1]}'::app.times, many app.times[]);
CREATE TABLE app.kept (taken app.times) PARTITION BY LIST (taken);
CREATE TABLE app.kept_all PARTITION OF app.kept DEFAULT;
CREATE VIEW app.ends AS SELECT app.times(app.span(1, 2)) AS made;
CREATE VIEW app.free AS SELECT id, taken FROM app.booking WHERE taken @> 3.0::double precision;
CREATE INDEX booking_taken ON app.booking USING gist (taken);
