CREATE SCHEMA s;
CREATE DOMAIN s.amount AS numeric(10,2) NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN s.code AS text CHECK (VALUE IS NOT NULL);
CREATE DOMAIN s.given AS integer NOT NULL DEFAULT 5;
CREATE TABLE s.t (id bigint PRIMARY KEY, w integer, x s.amount, y s.code NOT NULL, z s.code DEFAULT 'z', g s.given);
CREATE VIEW s.v AS SELECT id, w FROM s.t;
