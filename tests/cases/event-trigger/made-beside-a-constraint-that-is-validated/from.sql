CREATE SCHEMA a;
CREATE FUNCTION a.refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no % here'', tg_tag; END';
CREATE TABLE a.u (id integer PRIMARY KEY);
CREATE TABLE a.t (id integer, b integer);
INSERT INTO a.t VALUES (1, 1);
INSERT INTO a.u VALUES (1);
