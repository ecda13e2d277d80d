CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = app.times);
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.span, many app.times);
