CREATE SCHEMA t;
CREATE TABLE t.base (id int NOT NULL, note text, CONSTRAINT c1 CHECK (id > 0), CONSTRAINT c2 CHECK (id < 100) NO INHERIT);
CREATE TABLE t.mix (id int, CONSTRAINT c1 CHECK (id > 0));
CREATE TABLE t.kid (extra int, id int) INHERITS (t.base, t.mix);
CREATE TABLE t.kid2 (LIKE t.base INCLUDING ALL);
ALTER TABLE t.kid2 INHERIT t.base;
CREATE TABLE t.grandkid () INHERITS (t.kid, t.kid2);
INSERT INTO t.grandkid (id, note) VALUES (7, 'x');
