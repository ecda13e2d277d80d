CREATE TABLE t (n numeric, a varchar(20)); ALTER TABLE t ADD CONSTRAINT ck CHECK (a IN ('v1','v2'));
