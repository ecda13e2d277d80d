CREATE TABLE t (n numeric, a varchar(40)); ALTER TABLE t ADD CONSTRAINT ck CHECK (a IN ('v1','v2'));
