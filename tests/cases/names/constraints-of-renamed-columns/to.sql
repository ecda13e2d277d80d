CREATE TABLE t (id integer PRIMARY KEY, new text NOT NULL UNIQUE, q2 integer, CONSTRAINT ck_new CHECK (q2 > 0));
CREATE INDEX ix_new ON t (q2) WHERE q2 > 1;
CREATE TABLE c (tid text REFERENCES t (new));
INSERT INTO t VALUES (1, 'x', 2);
INSERT INTO c VALUES ('x');
