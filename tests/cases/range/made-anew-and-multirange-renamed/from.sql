CREATE SCHEMA app;
CREATE TYPE app.span AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = app.spans);
CREATE TABLE app.booking (id integer PRIMARY KEY, one app.span, many app.spans);
INSERT INTO app.booking VALUES (1, '[1,2]', '{[1,2]}'), (2, '[3,4)', '{[3,4)}');
