CREATE SCHEMA app;
CREATE SCHEMA kinds;
CREATE TYPE kinds.span AS RANGE (SUBTYPE = double precision);
CREATE TABLE app.kept (taken kinds.span_multirange) PARTITION BY LIST (taken);
CREATE TABLE app.kept_all PARTITION OF app.kept DEFAULT;
CREATE VIEW app.ends AS SELECT kinds.span_multirange(kinds.span(1, 2)) AS made;
