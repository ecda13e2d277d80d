CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision, MULTIRANGE_TYPE_NAME = app.spans);
CREATE TYPE app.term AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = app.terms);
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.spans, many app.terms);
INSERT INTO app.booking VALUES (1, '{[1,2]}', '{[1,2]}');
