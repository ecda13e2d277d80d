CREATE SCHEMA s;
CREATE DOMAIN s.amount AS numeric(10,2) NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN s.code AS text CHECK (VALUE IS NOT NULL AND length(VALUE) < 9);
CREATE DOMAIN s.inner_code AS s.code;
CREATE TABLE s.t (id bigint PRIMARY KEY, x s.amount, y s.code, z s.inner_code, u s.inner_code UNIQUE);
INSERT INTO s.t VALUES (1, 1, 'a', 'b', 'c'), (2, 2, 'a', 'b', 'd');
