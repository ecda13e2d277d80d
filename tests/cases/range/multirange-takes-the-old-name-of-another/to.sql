CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = app.terms);
CREATE TYPE app.term AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = app.spans);
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.terms, many app.spans);
